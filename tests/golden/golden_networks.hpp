// The sizes of a golden file's networks, and an agent of those sizes.
#pragma once

#include "golden/golden_file.hpp"
#include "unit/ppo/agent_block.hpp"

namespace ppo::golden {

/// The most outputs of an actor, and the most numbers of an observation, that a file may have: a policy head
/// and an environment have their sizes by template.
inline constexpr int kMostOutputs = 8;
inline constexpr int kMostObservation = 16;

/// The layout of `params`, tensors by name.
inline Layout layout_of(const Json& params) {
  const auto size = [&](const char* tensor) { return static_cast<int>(params.at(tensor).size()); };
  const int H = size("actor.l1.b");
  const int extra = params.contains("actor.log_std") ? size("actor.log_std") : 0;
  return {size("actor.l1.w") / std::max(H, 1), size("actor.head.b"), H, extra};
}

/// Calls test<Head>() with the head of `outputs`.
template <template <int> class Head, int count = Head<2>::kExtra == 0 ? 2 : 1, class Test>
void with_head(int outputs, Test test) {
  if constexpr (count > kMostOutputs) {
    ADD_FAILURE() << "a golden file's actor has " << outputs << " outputs: see golden::kMostOutputs";
  } else if (count == outputs) {
    test.template operator()<Head<count>>();
  } else {
    with_head<Head, count + 1>(outputs, test);
  }
}

/// Has no rules: for stages that look at its sizes only.
template <int A>
struct SizesOnly {
  static constexpr int kObservationSize = kMostObservation;
  using Action = Discrete<A>;
  static constexpr float kSolvedReturn = 0;
  static constexpr int kTimeLimit = 0;
  struct State {};
  static State reset(Draws&) { return {}; }
  static Transition<> step(State&, int, Draws&) { return {}; }
  static void observe(const State&, float*) {}
};

/// An agent with room for more, whose networks are laid out as the file's. The rows of its observations stay
/// kMostObservation wide.
template <int A>
testing::AgentBlock<SizesOnly<A>> agent_of(const Layout& layout, Hyper hyper) {
  hyper.hidden_size = layout.H;
  testing::AgentBlock<SizesOnly<A>> agent(hyper);
  if (layout.O > kMostObservation || layout.size() > agent->layout.size()) {
    throw std::runtime_error("a golden file's networks are larger than kMostObservation and kMostOutputs");
  }
  agent->layout = layout;
  return agent;
}

struct Tensor {
  std::string name;
  int offset;
  int size;
};

inline void append_tensors(const std::string& network, int base, const Mlp& net, std::vector<Tensor>& all) {
  all.push_back({network + ".l1.w", base + net.l1_w(), net.O * net.H});
  all.push_back({network + ".l1.b", base + net.l1_b(), net.H});
  all.push_back({network + ".l2.w", base + net.l2_w(), net.H * net.H});
  all.push_back({network + ".l2.b", base + net.l2_b(), net.H});
  all.push_back({network + ".head.w", base + net.head_w(), net.H * net.Out});
  all.push_back({network + ".head.b", base + net.head_b(), net.Out});
}

inline std::vector<Tensor> tensors(const Layout& layout) {
  std::vector<Tensor> all;
  append_tensors("actor", layout.actor_begin(), layout.actor(), all);
  append_tensors("critic", layout.critic_begin(), layout.critic(), all);
  if (layout.extra > 0) all.push_back({"actor.log_std", layout.extra_begin(), layout.extra});
  return all;
}

/// All tensors of `named` in layout order.
template <class Real = double>
std::vector<Real> flatten(const Layout& layout, const Json& named) {
  std::vector<Real> params(static_cast<std::size_t>(layout.size()));
  for (const Tensor& tensor : tensors(layout)) {
    const std::vector<Real> values =
        numbers<Real>(named.at(tensor.name), static_cast<std::size_t>(tensor.size));
    std::copy(values.begin(), values.end(), params.begin() + tensor.offset);
  }
  return params;
}

template <class Real>
std::vector<Real> slice(const std::vector<Real>& params, const Tensor& tensor) {
  const auto begin = params.begin() + tensor.offset;
  return std::vector<Real>(begin, begin + tensor.size);
}

}  // namespace ppo::golden
