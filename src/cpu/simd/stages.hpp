// The stages where an update's time goes, over batches of samples: to the bit what
// src/cpu/reference/stages.hpp gives.
#pragma once

#include "cpu/reference/stages.hpp"
#include "cpu/simd/network.hpp"

namespace ppo::simd {

/// Samples a pass of the forward-only stages: eight full tiles of rows; the hidden layers stay in the L1
/// cache.
inline constexpr int kPass = 48;
static_assert(kPass % Lanes::kWidth == 0 && kLeafSize % Lanes::kWidth == 0);

/// `Lanes::kWidth` samples of an array laid out [A][stride].
template <int A>
[[gnu::always_inline]] inline void load_columns(const float* from, int stride, Lanes* to) {
  for (int a = 0; a < A; ++a) to[a] = Lanes::load(from + a * stride);
}

/// The policies of `rows` samples from logits [A][kPass].
template <int A>
void categorical_batch(const float* logits, int rows, Categorical<A, float>* policies) {
  for (int row = 0; row < rows; row += Lanes::kWidth) {
    Lanes columns[A];
    load_columns<A>(logits + row, kPass, columns);
    const Categorical<A, Lanes> policy = categorical<A>(static_cast<const Lanes*>(columns));
    for (int a = 0; a < A; ++a) {
      float p[Lanes::kWidth];
      float logp[Lanes::kWidth];
      policy.p[a].store(p);
      policy.logp[a].store(logp);
      for (int i = 0; i < min(Lanes::kWidth, rows - row); ++i) {
        policies[row + i].p[a] = p[i];
        policies[row + i].logp[a] = logp[i];
      }
    }
  }
}

/// A pass of environments, step by step together. The observations of a step lie side by side in the rollout.
template <class Agent>
void rollout_pass(const Hyper& hyper, Agent& agent, const Packed<typename Agent::Layout::Actor>& packed,
                  int first, int rows) {
  using Environment = EnvironmentRollout<Agent>;
  const float* params = agent.params + Agent::Layout::actor;
  HiddenBatch<Agent::Layout::Actor::H, kPass> unused;
  alignas(64) float logits[Agent::A * kPass] = {};
  Categorical<Agent::A, float> policies[kPass];
  alignas(Environment) std::byte memory[kPass * sizeof(Environment)];
  auto* environments = reinterpret_cast<Environment*>(memory);
  for (int row = 0; row < rows; ++row) new (environments + row) Environment(hyper, agent, first + row);

  for (std::int64_t t = 0; t < hyper.num_steps; ++t) {
    const float* obs = environments[0].observe(t);
    for (int row = 1; row < rows; ++row) environments[row].observe(t);
    forward(params, packed, obs, rows, unused, logits, kPass);
    categorical_batch<Agent::A>(logits, rows, policies);
    for (int row = 0; row < rows; ++row) environments[row].act(t, policies[row]);
  }
  for (int row = 0; row < rows; ++row) environments[row].finish();
}

struct Stages {
  template <class Agent>
  static void rollout(const Hyper& hyper, Agent& agent, const Worker& worker) {
    Packed<typename Agent::Layout::Actor> packed;
    packed.pack(agent.params + Agent::Layout::actor);
    const Share envs = worker.share(hyper.num_envs);
    for (std::int64_t first = envs.begin; first < envs.end; first += kPass) {
      const std::int64_t rows = min(std::int64_t{kPass}, envs.end - first);
      rollout_pass(hyper, agent, packed, static_cast<int>(first), static_cast<int>(rows));
    }
  }

  template <class Agent>
  static void values(const Hyper& hyper, Agent& agent, const Worker& worker) {
    using Critic = typename Agent::Layout::Critic;
    const float* params = agent.params + Agent::Layout::critic;
    Packed<Critic> packed;
    packed.pack(params);
    HiddenBatch<Critic::H, kPass> unused;
    // Rows of final_obs beyond an environment's truncations hold nothing; their values are never read.
    const auto batch = [&](const float* obs, float* value, std::int64_t count) {
      const Share share = worker.share(count);
      for (std::int64_t i = share.begin; i < share.end; i += kPass) {
        const int rows = static_cast<int>(min(std::int64_t{kPass}, share.end - i));
        forward(params, packed, obs + i * Agent::O, rows, unused, value + i, kPass);
      }
    };
    const std::int64_t N = hyper.num_envs;
    std::int32_t most_truncated = 0;
    for (std::int64_t n = 0; n < N; ++n) most_truncated = max(most_truncated, agent.rollout.truncated[n]);
    batch(agent.rollout.obs, agent.rollout.value, (hyper.num_steps + std::int64_t{1}) * N);
    batch(agent.rollout.final_obs, agent.rollout.final_value, most_truncated * N);
  }

  template <class Agent, class Order>
  static void gradient(const Hyper& hyper, Agent& agent, const reference::Minibatch<Order>& minibatch,
                       const Worker& worker);
};

/// What a pass of one leaf reads, one column a sample.
template <class Agent>
struct LeafBatch {
  static constexpr int S = kLeafSize;
  alignas(64) float obs[S * Agent::O];  // [S][O]
  alignas(64) float action[S] = {};
  alignas(64) float logp[S] = {};
  alignas(64) float value[S] = {};
  alignas(64) float advantage[S] = {};
  alignas(64) float ret[S] = {};
  alignas(64) float logits[Agent::A * S] = {};    // [A][S]
  alignas(64) float new_value[S] = {};            // under the current parameters
  alignas(64) float d_logits[Agent::A * S] = {};  // [A][S]
  alignas(64) float d_value[S] = {};
  alignas(64) float terms[LossTerms<float>::kCount * S] = {};  // [kCount][S]
  int samples = 0;

  template <class Order>
  void gather(const Agent& agent, const reference::Minibatch<Order>& minibatch, std::int64_t begin,
              int count) {
    samples = count;
    for (int s = 0; s < count; ++s) {
      const std::int64_t i = minibatch.order(static_cast<std::uint32_t>(minibatch.first + begin + s));
      const Sample<float> sample = reference::sample_of(agent.rollout, minibatch.normaliser, i);
      for (int o = 0; o < Agent::O; ++o) obs[s * Agent::O + o] = agent.rollout.obs[i * Agent::O + o];
      action[s] = static_cast<float>(sample.action);
      logp[s] = sample.logp;
      value[s] = sample.value;
      advantage[s] = sample.advantage;
      ret[s] = sample.ret;
    }
  }

  void loss(const LossCoefs<Lanes>& coefs) {
    for (int s = 0; s < S; s += Lanes::kWidth) {
      const Sample<Lanes, Lanes> sample{Lanes::load(action + s), Lanes::load(logp + s),
                                        Lanes::load(value + s), Lanes::load(advantage + s),
                                        Lanes::load(ret + s)};
      Lanes columns[Agent::A];
      load_columns<Agent::A>(logits + s, S, columns);
      auto loss =
          ppo_loss<Agent::A>(coefs, sample, static_cast<const Lanes*>(columns), Lanes::load(new_value + s));
      for (int a = 0; a < Agent::A; ++a) loss.d_logits[a].store(d_logits + a * S + s);
      loss.d_value.store(d_value + s);
      loss.terms.for_each([&](Lanes term, int index) { term.store(terms + index * S + s); });
    }
  }
};

template <class Agent, class Order>
void Stages::gradient(const Hyper& hyper, Agent& agent, const reference::Minibatch<Order>& minibatch,
                      const Worker& worker) {
  using Layout = typename Agent::Layout;
  using Actor = typename Layout::Actor;
  using Critic = typename Layout::Critic;
  constexpr int S = kLeafSize;
  const float* actor_params = agent.params + Layout::actor;
  const float* critic_params = agent.params + Layout::critic;
  const LossCoefs<Lanes> coefs{Lanes(hyper.clip_coef), Lanes(hyper.ent_coef), Lanes(hyper.vf_coef),
                               hyper.clip_vloss};
  Packed<Actor> actor_packed;
  Packed<Critic> critic_packed;
  actor_packed.pack(actor_params);
  critic_packed.pack(critic_params);
  HiddenBatch<Actor::H, S> actor;
  HiddenBatch<Critic::H, S> critic;
  LeafBatch<Agent> batch;
  float leaf[Agent::kSums];

  const std::int64_t leaf_size = leaf_samples(minibatch.size);
  const std::int64_t group_size = group_samples(minibatch.size);
  const Share groups = worker.share(group_count(minibatch.size));
  const std::int64_t samples_end = min(groups.end * group_size, minibatch.size);
  for (std::int64_t begin = groups.begin * group_size; begin < samples_end; begin += S) {
    const std::int64_t leaf_end = min((begin / leaf_size + 1) * leaf_size, minibatch.size);
    const int count = static_cast<int>(min(std::int64_t{S}, leaf_end - begin));
    const LeafPass pass{.leaf = leaf,
                        .group = agent.groups + begin / group_size * Agent::kSums,
                        .first = begin % leaf_size == 0,
                        .last = begin + count == leaf_end,
                        .first_of_group = begin % group_size < leaf_size};
    batch.gather(agent, minibatch, begin, count);
    forward(actor_params, actor_packed, batch.obs, count, actor, batch.logits, S);
    forward(critic_params, critic_packed, batch.obs, count, critic, batch.new_value, S);
    batch.loss(coefs);
    backward(actor_packed, batch.obs, actor, batch.d_logits, count, pass.at(Layout::actor));
    backward(critic_packed, batch.obs, critic, batch.d_value, count, pass.at(Layout::critic));
    for (int term = 0; term < LossTerms<float>::kCount; ++term) {
      float sum = pass.start_scalar(Layout::size + term);
      for (int s = 0; s < count; ++s) sum += batch.terms[term * S + s];
      pass.finish_scalar(Layout::size + term, sum);
    }
  }
}

}  // namespace ppo::simd
