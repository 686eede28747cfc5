// Adam: a block clips and steps the parameters of its slices.
#pragma once

#include "kernels/team.hpp"
#include "ppo/adam.hpp"

namespace ppo {

/// A block owns slices, with their moments; one thread of it keeps the powers. Returns the norm of the
/// gradient before clipping.
template <class Agent>
PPO_DEVICE float adam_stage(const Hyper& hyper, const TeamBlock<Agent>& block, AdamPowers& powers, float lr) {
  constexpr int kSlices = slice_count(Agent::P);
  const Agent& agent = block.shared.agent;
  auto& shared = block.shared;
  for (int i = device::thread_index(); i < kSlices; i += kBlockThreads) shared.squares[i] = agent.squares[i];
  device::sync_block();
  if (block.writes_notes()) {
    shared.norm = global_norm(static_cast<const float*>(shared.squares), kSlices);
    shared.step = next_adam_step(powers, clip_scale(shared.norm, hyper.max_grad_norm), lr);
  }
  device::sync_block();
  const BlockShare slices = block.share(kSlices);
  for (auto slice = static_cast<int>(slices.begin); slice < slices.end; ++slice) {
    const int p = slice * kSliceSize + device::thread_index();
    if (p < Agent::P) adam(shared.step, agent.sums[p], agent.params[p], agent.moment1[p], agent.moment2[p]);
  }
  return shared.norm;
}

}  // namespace ppo
