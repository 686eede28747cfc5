// Adam: a block clips and steps the parameters of its slices.
#pragma once

#include "kernels/team.hpp"
#include "ppo/adam.hpp"

namespace ppo {

/// A parameter with all that its step needs.
template <class Agent>
struct AdamEntry {
  int p;
  float grad = 0, param = 0, moment1 = 0, moment2 = 0;

  PPO_DEVICE AdamEntry(const Agent& agent, int slice) : p(slice * kSliceSize + device::thread_index()) {
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

/// A block owns slices, with their moments. What all parameters share is computed by two threads side by
/// side, while the first slice is on its way from memory: the norm by the one that keeps the notes, the
/// corrections, which are in double and slow on many cards, by one of another warp.
template <class Agent>
PPO_DEVICE StepResult adam_stage(const Hyper& hyper, const TeamBlock<Agent>& block, AdamPowers& powers,
                                 float lr) {
  constexpr int kSlices = slice_count(Agent::P);
  const Agent& agent = block.shared.agent;
  auto& shared = block.shared;
  const BlockShare slices = block.plan().slices;
  const int thread = device::thread_index();
  AdamEntry<Agent> entry(agent, static_cast<int>(slices.begin));
  for (int i = thread; i < kSlices; i += kBlockThreads) shared.squares[i] = agent.squares[i];
  if (thread < kLossTerms) shared.terms[thread] = agent.sums[Agent::P + thread];
  if (thread == 32) shared.step = next_adam_step(powers, 1.0F, lr);
  device::sync_block();
  if (block.writes_notes()) {
    shared.norm = global_norm(static_cast<const float*>(shared.squares), kSlices);
    shared.clip_scale = clip_scale(shared.norm, hyper.max_grad_norm);
  }
  device::sync_block();
  AdamStep<float> step = shared.step;
  step.clip_scale = shared.clip_scale;
  for (auto slice = static_cast<int>(slices.begin); slice < slices.end; ++slice) {
    entry.step(step, agent);
    if (slice + 1 < slices.end) entry = AdamEntry<Agent>(agent, slice + 1);
  }
  return {shared.norm, shared.terms};
}

}  // namespace ppo
