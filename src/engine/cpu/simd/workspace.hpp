// What a worker's SIMD stages need beside the agent.
#pragma once

#include <new>

#include "engine/cpu/simd/network.hpp"
#include "engine/cpu/worker.hpp"
#include "ppo/rollout.hpp"
#include "ppo/update.hpp"

namespace ppo::simd {

/// `Lanes::kWidth` samples of an array laid out [count][stride].
[[gnu::always_inline]] inline void load_columns(const float* from, int count, int stride, Lanes* to) {
  for (int i = 0; i < count; ++i) to[i] = Lanes::load(from + i * stride);
}

[[gnu::always_inline]] inline void store_columns(const Lanes* from, int count, int stride, float* to) {
  for (int i = 0; i < count; ++i) from[i].store(to + i * stride);
}

/// The numbers [count] of one sample of such an array of kPass samples.
template <int count>
void load_sample(const float* from, int sample, float* to) {
  for (int i = 0; i < count; ++i) to[i] = from[i * kPass + sample];
}

template <int count>
void store_sample(const float* from, int sample, float* to) {
  for (int i = 0; i < count; ++i) to[i * kPass + sample] = from[i];
}

/// use(policy, row) for the policies over the network's outputs [outputs][kPass], those of kWidth samples
/// from `row` on at a time.
template <class Head, class Use>
[[gnu::always_inline]] inline void for_policies(const float* outputs, const float* extra, int rows, Use use) {
  for (int row = 0; row < rows; row += Lanes::kWidth) {
    Lanes columns[Head::kOutputs];
    load_columns(outputs + row, Head::kOutputs, kPass, columns);
    use(Head::policy(static_cast<const Lanes*>(columns), extra), row);
  }
}

/// Draws kWidth samples' actions [numbers][kPass] with the noise [kNoise][kPass], from column `row` on.
template <class Head, class Policy>
[[gnu::always_inline]] inline void draw(const Policy& policy, const float* noise, int row, Lanes* action) {
  Lanes random[Head::kNoise];
  load_columns(noise + row, Head::kNoise, kPass, random);
  Head::sample(policy, static_cast<const Lanes*>(random), action);
}

/// Samples of a minibatch side by side, as the losses read them.
template <class Agent>
struct Chunk {
  static constexpr int kSize = kLeafSize * kGroupLeaves;
  static constexpr int kNumbers = Agent::Head::kNumbers;
  float* obs = nullptr;     // [kSize][O]
  float* action = nullptr;  // [numbers of an action][kSize]
  alignas(64) float logp[kSize] = {};
  alignas(64) float value[kSize] = {};
  alignas(64) float advantage[kSize] = {};
  alignas(64) float ret[kSize] = {};
  std::int64_t begin = 0;  // position in the minibatch
  int count = 0;

  void gather(const Agent& agent, const Minibatch<Permutation>& minibatch, std::int64_t from,
              std::int64_t to) {
    begin = from;
    count = static_cast<int>(to - from);
    std::uint32_t index[kSize];
    minibatch.order.positions(static_cast<std::uint32_t>(minibatch.first + from), count, index);
    for (int s = 0; s < count; ++s) {
      const auto sample = sample_of(agent.rollout, minibatch.normaliser, index[s]);
      for (int o = 0; o < Agent::O; ++o)
        obs[s * Agent::O + o] = agent.rollout.obs[std::int64_t{index[s]} * Agent::O + o];
      for (int d = 0; d < kNumbers; ++d) action[d * kSize + s] = sample.action[d];
      logp[s] = sample.logp;
      value[s] = sample.value;
      advantage[s] = sample.advantage;
      ret[s] = sample.ret;
    }
  }

  Sample<Lanes, kNumbers> sample(int s) const {
    Sample<Lanes, kNumbers> lanes;
    load_columns(action + s, kNumbers, kSize, lanes.action);
    lanes.logp = Lanes::load(logp + s);
    lanes.value = Lanes::load(value + s);
    lanes.advantage = Lanes::load(advantage + s);
    lanes.ret = Lanes::load(ret + s);
    return lanes;
  }
};

/// A network's part of the sums over a group in the making: its gradient, then the terms that come with it.
/// They begin at a cache line, which they do not in the agent's groups.
struct NetworkSums {
  float* carry;  // of the leaf that the passes cut
  float* group;
};

/// What a worker's stages need beside the agent, in its scratch.
template <class Agent>
struct Workspace {
  using Head = typename Agent::Head;
  static constexpr int kMostOutputs = max(Head::kOutputs, 1);

  HiddenBatch hidden;
  float* output;    // [outputs][kPass]
  float* d_output;  // [outputs][kPass]
  PackedNetwork actor;
  PackedNetwork critic;
  NetworkSums actor_sums;
  NetworkSums critic_sums;
  Chunk<Agent>* chunk;
  float* noise;                             // [kNoise][kPass]
  float* actions;                           // [numbers of an action][kPass]
  EnvironmentRollout<Agent>* environments;  // [kPass], not constructed

  /// Lays it out in `block`; returns the bytes that it needs.
  static std::size_t carve(const Layout& layout, void* block, Workspace& all) {
    Carver carver(block);
    const int H = layout.H;
    const auto hidden_units = std::int64_t{kPass} * H;
    all.hidden = {carver.take<float>(hidden_units), carver.take<float>(hidden_units),
                  carver.take<float>(hidden_units)};
    all.output = carver.take<float>(kMostOutputs * kPass);
    all.d_output = carver.take<float>(kMostOutputs * kPass);
    all.actor = take_network(layout.actor(), carver);
    all.critic = take_network(layout.critic(), carver);
    all.actor_sums = take_sums(layout.actor().size() + Head::kExtra + kPolicyTerms, carver);
    all.critic_sums = take_sums(layout.critic().size() + 1, carver);
    all.chunk = carver.take<Chunk<Agent>>(1);
    float* obs = carver.take<float>(Chunk<Agent>::kSize * Agent::O);
    float* action = carver.take<float>(Chunk<Agent>::kSize * Head::kNumbers);
    all.noise = carver.take<float>(Head::kNoise * kPass);
    all.actions = carver.take<float>(Head::kNumbers * kPass);
    all.environments = carver.take<EnvironmentRollout<Agent>>(kPass);
    if (block != nullptr) {
      new (all.chunk) Chunk<Agent>;
      all.chunk->obs = obs;
      all.chunk->action = action;
    }
    return carver.used();
  }

  /// A worker's, for this agent.
  Workspace(const Sizes& sizes, const Agent& agent, const Worker& worker) {
    carve(agent.layout, worker.scratch, *this);
    actor.activation = critic.activation = sizes.activation;
    actor.params = agent.params + agent.layout.actor_begin();
    critic.params = agent.params + agent.layout.critic_begin();
  }
  Workspace() = default;

 private:
  static NetworkSums take_sums(std::int64_t count, Carver& carver) {
    return {carver.take<float>(count), carver.take<float>(count)};
  }

  static PackedNetwork take_network(const Mlp& net, Carver& carver) {
    return {.net = net,
            .activation = {},
            .params = nullptr,
            .head = carver.take<float>(std::int64_t{net.Out} * net.H),
            .l2 = carver.take<float>(std::int64_t{net.H} * net.H),
            .l2_transposed = carver.take<float>(std::int64_t{net.H} * net.H)};
  }
};

}  // namespace ppo::simd
