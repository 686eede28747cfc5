// Reduce: a block adds the groups of its slices of the parameters, a thread an entry, and takes the slices'
// squares.
#pragma once

#include "kernels/leaf_plan.hpp"
#include "kernels/team.hpp"

namespace ppo {

/// Reads rows of sums at one offset. Loads do not wait for each other: several groups' are under way at once.
template <int kSums>
struct GroupReader {
  const float* rows;  // [LeafPlan::rows()][kSums]
  int offset;

  PPO_DEVICE float row(int number) const { return rows[std::int64_t{number} * kSums + offset]; }

  /// The sum of a split group: its leaves in order.
  PPO_DEVICE float split_group(const LeafPlan& plan, int group) const {
    const int first = group * kGroupLeaves;
    const int count = plan.leaves_of(group);
    const int second_row = count > 1 ? plan.row(first + 1) : 0;
    float leaf[kGroupLeaves];
    PPO_UNROLL
    for (int k = 0; k < kGroupLeaves; ++k) leaf[k] = k < count ? row(k == 0 ? group : second_row + k - 1) : 0;
    float sum = leaf[0];
    PPO_UNROLL
    for (int k = 1; k < kGroupLeaves; ++k) sum = k < count ? sum + leaf[k] : sum;
    return sum;
  }

  PPO_DEVICE float group(const LeafPlan& plan, int number) const {
    return plan.split(number) ? split_group(plan, number) : row(number);
  }

  /// All groups in order.
  PPO_DEVICE float total(const LeafPlan& plan) const {
    constexpr int kAtOnce = 4;
    float sum = group(plan, 0);
    int first = 1;
    for (; first + kAtOnce <= plan.groups; first += kAtOnce) {
      float part[kAtOnce];
      PPO_UNROLL
      for (int g = 0; g < kAtOnce; ++g) part[g] = group(plan, first + g);
      PPO_UNROLL
      for (int g = 0; g < kAtOnce; ++g) sum += part[g];
    }
    for (; first < plan.groups; ++first) sum += group(plan, first);
    return sum;
  }
};

/// ppo::slice_square of a slice in shared memory, by a warp: a lane a chain. The result is in every lane.
PPO_DEVICE float slice_square_by_warp(const float* slice, int size, int lane) {
  float chain = 0;
  for (int i = lane; i < size; i += kSliceChains) chain = fma(slice[i], slice[i], chain);
  PPO_UNROLL
  for (int half = kSliceChains / 2; half > 0; half /= 2) chain = chain + device::shuffle_xor(chain, half);
  return chain;
}

/// A block owns slices; the first one also the terms of the loss.
template <class Agent>
PPO_DEVICE void reduce_stage(const TeamBlock<Agent>& block, std::int64_t minibatch_size) {
  static_assert(kSliceSize == kBlockThreads && kSliceChains == 32);
  const Agent& agent = block.shared.agent;
  const LeafPlan plan(minibatch_size, block.count());
  const float share = 1.0F / static_cast<float>(minibatch_size);
  const int thread = device::thread_index();
  const auto mean = [&](int p) { return GroupReader<Agent::kSums>{agent.groups, p}.total(plan) * share; };
  const BlockShare slices = block.share(slice_count(Agent::P));
  for (auto slice = static_cast<int>(slices.begin); slice < slices.end; ++slice) {
    const int p = slice * kSliceSize + thread;
    if (p < Agent::P) {
      const float entry = mean(p);
      agent.sums[p] = entry;
      block.shared.slice[thread] = entry;
    }
    device::sync_block();
    if (thread < 32) {
      const int size = min(kSliceSize, Agent::P - slice * kSliceSize);
      const float square = slice_square_by_warp(block.shared.slice, size, thread);
      if (thread == 0) agent.squares[slice] = square;
    }
    device::sync_block();  // the next slice takes its place
  }
  if (block.index() == 0 && thread < kLossTerms) agent.sums[Agent::P + thread] = mean(Agent::P + thread);
}

}  // namespace ppo
