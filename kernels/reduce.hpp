// Reduce: a block adds the groups of its slices of the parameters, a thread an entry, and takes the slices'
// squares.
#pragma once

#include "kernels/groups.hpp"
#include "kernels/team.hpp"

namespace ppo {

/// Writes the mean gradient of parameters first, first + 256, ... to agent.sums and to shared.slices. Where
/// one row holds the whole sum, those of all slices are under way at once.
template <class Agent>
PPO_DEVICE void mean_slices(const TeamBlock<Agent>& block, int first_slice, int count, float share) {
  const Agent& agent = block.shared.agent;
  const int thread = device::thread_index();
  float mean[kSlicesAtOnce] = {};
  PPO_UNROLL
  for (int s = 0; s < kSlicesAtOnce; ++s) {
    const int p = (first_slice + s) * kSliceSize + thread;
    if (s < count && p < Agent::P) mean[s] = agent.groups[Agent::place_in_row(p)];
  }
  PPO_UNROLL
  for (int s = 0; s < kSlicesAtOnce; ++s) {
    const int p = (first_slice + s) * kSliceSize + thread;
    if (s >= count || p >= Agent::P) continue;
    agent.sums[p] = mean[s] * share;
    block.shared.slices[s][thread] = mean[s] * share;
  }
}

/// The mean of sum number p over the minibatch.
template <class Agent>
PPO_DEVICE float mean_of(const TeamBlock<Agent>& block, int p, float share) {
  const float* rows = block.shared.agent.groups + Agent::place_in_row(p);
  if (block.plan().folds) return *rows * share;
  const GroupReader reader{block.plan(), rows, Agent::kRowPitch};
  return (block.has_other_ranks() ? reader.total_of_whole() : reader.total()) * share;
}

/// ppo::slice_square of a slice in shared memory, by a warp: a lane a chain. The result is in every lane.
PPO_DEVICE float slice_square_by_warp(const float* slice, int size, int lane) {
  float chain = 0;
  PPO_UNROLL
  for (int begin = 0; begin < kSliceSize; begin += kSliceChains) {
    if (begin + lane < size) chain = fma(slice[begin + lane], slice[begin + lane], chain);
  }
  PPO_UNROLL
  for (int half = kSliceChains / 2; half > 0; half /= 2) chain = chain + device::shuffle_xor(chain, half);
  return chain;
}

/// A block owns slices; the first one also the terms of the loss.
template <class Agent>
PPO_DEVICE void reduce_stage(const TeamBlock<Agent>& block, std::int64_t minibatch_size) {
  static_assert(kSliceSize == kBlockThreads && kSliceChains == 32);
  const Agent& agent = block.shared.agent;
  const WorkPlan& plan = block.plan();
  const float share = 1.0F / static_cast<float>(minibatch_size);
  const int thread = device::thread_index();
  const int warp = thread / 32;
  for (int first = plan.slices.begin; first < plan.slices.end; first += kSlicesAtOnce) {
    const int count = min(kSlicesAtOnce, plan.slices.end - first);
    if (plan.folds) {
      mean_slices(block, first, count, share);
    } else {
      PPO_NO_UNROLL
      for (int s = 0; s < count; ++s) {
        const int p = (first + s) * kSliceSize + thread;
        if (p >= Agent::P) continue;
        const float mean = mean_of(block, p, share);
        agent.sums[p] = mean;
        block.shared.slices[s][thread] = mean;
      }
    }
    device::sync_block();
    if (warp < count) {
      const int size = min(kSliceSize, Agent::P - (first + warp) * kSliceSize);
      const float square = slice_square_by_warp(block.shared.slices[warp], size, thread % 32);
      if (thread % 32 == 0) agent.squares[first + warp] = square;
    }
    device::sync_block();  // the next slices take their places
  }
  if (plan.index == 0 && thread < kLossTerms) {
    agent.sums[Agent::P + thread] = mean_of(block, Agent::P + thread, share);
  }
}

}  // namespace ppo
