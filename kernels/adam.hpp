// Adam: a block clips and steps the parameters of its slices.
#pragma once

#include "kernels/weights.hpp"
#include "ppo/adam.hpp"

namespace ppo {

/// A parameter with all that its step needs.
template <class Agent>
struct AdamEntry {
  int p = Agent::P;  // there is none
  float grad = 0, param = 0, moment1 = 0, moment2 = 0;

  AdamEntry() = default;
  PPO_DEVICE AdamEntry(const Agent& agent, int number) : p(number) {
    if (p >= Agent::P) return;
    grad = agent.sums[p];
    param = agent.params[p];
    moment1 = agent.moment1[p];
    moment2 = agent.moment2[p];
  }

  PPO_DEVICE void step(const AdamStep<float>& by, const Agent& agent) {
    if (p >= Agent::P) return;
    adam(by, grad, param, moment1, moment2);
    agent.params[p] = param;
    agent.moment1[p] = moment1;
    agent.moment2[p] = moment2;
  }
};

/// A thread's entries of a few slices, whose loads are under way at once.
template <class Agent>
struct AdamEntries {
  static constexpr int kSlices = 4;
  AdamEntry<Agent> of_slice[kSlices];

  PPO_DEVICE AdamEntries(const Agent& agent, const BlockShare& slices, int first) {
    PPO_UNROLL
    for (int s = 0; s < kSlices; ++s) {
      const int number = (first + s) * kSliceSize + device::thread_index();
      of_slice[s] = AdamEntry<Agent>(agent, first + s < slices.end ? number : Agent::P);
    }
  }

  PPO_DEVICE void step(const AdamStep<float>& by, const Agent& agent) {
    PPO_UNROLL
    for (AdamEntry<Agent>& entry : of_slice) entry.step(by, agent);
  }
};

/// What all parameters share, from shared.squares, which the block may still be writing. It is computed by
/// two threads side by side: the norm by the one that keeps the notes, the corrections, which are in double
/// and slow on many cards, by one of another warp.
template <class Agent>
PPO_DEVICE AdamStep<float> common_step(const TeamBlock<Agent>& block, AdamPowers& powers, float lr) {
  auto& shared = block.shared;
  if (device::thread_index() == 32) shared.step = next_adam_step(powers, 1.0F, lr);
  device::sync_block();
  if (block.writes_notes()) {
    shared.norm = global_norm(static_cast<const float*>(shared.squares), slice_count(Agent::P));
    shared.clip_scale = clip_scale(shared.norm, shared.agent.tuning.max_grad_norm);
  }
  device::sync_block();
  AdamStep<float> step = shared.step;
  step.clip_scale = shared.clip_scale;
  return step;
}

/// A block owns slices, with their moments. The first ones are on their way from memory while the common step
/// is computed.
template <class Agent>
PPO_DEVICE void adam_stage(const TeamBlock<Agent>& block, AdamPowers& powers, float lr) {
  const Agent& agent = block.shared.agent;
  auto& shared = block.shared;
  const BlockShare slices = block.plan().slices;
  AdamEntries<Agent> entries(agent, slices, slices.begin);
  const BlockCopy<slice_count(Agent::P)> squares(agent.squares);
  const BlockCopy<kLossTerms> terms(agent.sums + Agent::P);
  squares.store(shared.squares);
  terms.store(shared.terms);
  const AdamStep<float> step = common_step(block, powers, lr);
  entries.step(step, agent);
  for (int next = slices.begin + entries.kSlices; next < slices.end; next += entries.kSlices) {
    entries = AdamEntries<Agent>(agent, slices, next);
    entries.step(step, agent);
  }
}

}  // namespace ppo
