// The sizes of a golden file's networks, and the tests' instance of that size: sizes are template parameters.
#pragma once

#include <tuple>

#include "golden/golden_file.hpp"
#include "ppo/env.hpp"
#include "ppo/network.hpp"

namespace ppo::golden {

/// Has no rules: for stages that look at its sizes only.
template <int O, int A>
struct SizesOnly {
  static constexpr int kObservationSize = O;
  static constexpr int kActionCount = A;
  static constexpr float kSolvedReturn = 0;
  static constexpr int kSolvedMaxEpisodeSteps = 0;
  struct State {};
  static State reset(Draws&) { return {}; }
  static Transition<> step(State&, int, Draws&) { return {}; }
  static void observe(const State&, float*) {}
};

template <int O_, int A_, int H_>
struct Networks {
  static constexpr int O = O_;
  static constexpr int A = A_;
  static constexpr int H = H_;
  using Net = Layout<O, A, H>;
  using Env = SizesOnly<O, A>;
};

/// All that golden files may have. A file of other sizes fails and says so; it needs a line here.
using Instances = std::tuple<Networks<4, 2, 8>, Networks<4, 2, 16>, Networks<4, 2, 32>, Networks<4, 2, 64>,
                             Networks<3, 5, 8>, Networks<3, 5, 16>, Networks<3, 5, 32>, Networks<3, 5, 64>>;

/// Calls test(Networks<O, A, H>{}) with the sizes of `params`, tensors by name.
template <class Test>
void with_networks(const Json& params, Test test) {
  const auto size = [&](const char* tensor) { return static_cast<int>(params.at(tensor).size()); };
  const int H = size("actor.l1.b");
  const int O = size("actor.l1.w") / std::max(H, 1);
  const int A = size("actor.head.b");
  const auto fits = [&](auto instance) {
    if (O != instance.O || A != instance.A || H != instance.H) return false;
    test(instance);
    return true;
  };
  const bool found = std::apply([&](auto... instances) { return (fits(instances) || ...); }, Instances{});
  EXPECT_TRUE(found) << "no test is instantiated for " << O << " observations, " << A << " actions and " << H
                     << " hidden units: it needs a line in golden::Instances";
}

struct Tensor {
  std::string name;
  int offset;
  int size;
};

template <class Net>
void append_tensors(const std::string& network, int base, std::vector<Tensor>& all) {
  all.push_back({network + ".l1.w", base + Net::l1_w, Net::O * Net::H});
  all.push_back({network + ".l1.b", base + Net::l1_b, Net::H});
  all.push_back({network + ".l2.w", base + Net::l2_w, Net::H * Net::H});
  all.push_back({network + ".l2.b", base + Net::l2_b, Net::H});
  all.push_back({network + ".head.w", base + Net::head_w, Net::H * Net::Out});
  all.push_back({network + ".head.b", base + Net::head_b, Net::Out});
}

template <class Layout>
std::vector<Tensor> tensors() {
  std::vector<Tensor> all;
  append_tensors<typename Layout::Actor>("actor", Layout::actor, all);
  append_tensors<typename Layout::Critic>("critic", Layout::critic, all);
  return all;
}

/// All tensors of `named` in layout order.
template <class Layout, class Real = double>
std::vector<Real> flatten(const Json& named) {
  std::vector<Real> params(Layout::size);
  for (const Tensor& tensor : tensors<Layout>()) {
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
