// Reduce: a block adds the groups of its slices of the parameters, a thread an entry, and takes the slices'
// squares.
#pragma once

#include "kernels/team.hpp"

namespace ppo {

/// Adds the groups' sums at one place of a team's rows.
struct GroupReader {
  const WorkPlan& plan;
  const float* rows;  // at the place
  int pitch;          // [floats]
  int groups = plan.groups;
  int leaves = plan.all_leaves;

  static constexpr float kNothing = -0.0F;  // x + kNothing is x for every x, 0 included

  /// Of a group, which is split or not: its leaves, or its sum and nothing else.
  struct Parts {
    float part[kGroupLeaves];

    PPO_DEVICE float sum() const {
      float sum = part[0];
      PPO_UNROLL
      for (int k = 1; k < kGroupLeaves; ++k) sum += part[k];
      return sum;
    }
  };

  PPO_DEVICE const float* row(int number) const { return rows + std::int64_t{number} * pitch; }

  PPO_DEVICE Parts parts(int group, int count) const {
    const int second = plan.second_row[group];
    const bool split = second != 0;
    const float* others = row(second);
    Parts parts;
    parts.part[0] = *row(group);
    PPO_UNROLL
    for (int k = 1; k < kGroupLeaves; ++k) {
      parts.part[k] = split && k < count ? others[(k - 1) * pitch] : kNothing;
    }
    return parts;
  }

  /// sum + groups group, group + 1, ... in order, whose loads are all under way at once. Most are `whole`,
  /// and spared the questions of the last ones.
  template <bool whole>
  PPO_DEVICE float add_groups(int group, float sum) const {
    Parts parts[kAtOnce];
    PPO_UNROLL
    for (int g = 0; g < kAtOnce; ++g) {
      const int number = whole ? group + g : min(group + g, groups - 1);
      parts[g] = this->parts(number, whole ? kGroupLeaves : leaves - number * kGroupLeaves);
    }
    PPO_UNROLL
    for (int g = 0; g < kAtOnce; ++g) sum = whole || group + g < groups ? sum + parts[g].sum() : sum;
    return sum;
  }
  static constexpr int kAtOnce = 8;

  /// All groups in order.
  PPO_DEVICE float total() const {
    float sum = kNothing;
    PPO_NO_UNROLL
    for (int group = 0; group < groups; group += kAtOnce) {
      const bool whole = (group + kAtOnce) * kGroupLeaves <= leaves;
      sum = whole ? add_groups<true>(group, sum) : add_groups<false>(group, sum);
    }
    return sum;
  }
};

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
  return GroupReader{block.plan(), rows, Agent::kRowPitch}.total() * share;
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
