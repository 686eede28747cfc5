// Sums over the blocks of clusters, for a card and for the emulator of one: kernels, and what they must give.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/device.hpp"

namespace ppo::probes {

inline constexpr int kClusterThreads = 128;  // of a block

struct ClusterMemory {
  alignas(16) float mine[kClusterThreads];
  alignas(16) float sum[kClusterThreads];
};

PPO_DEVICE ClusterMemory& cluster_memory() {
  return *reinterpret_cast<ClusterMemory*>(device::shared_memory());
}

/// What the kernels below get, and what they leave: the sum over a cluster's blocks, in order.
struct ClusterRows {
  int cluster_blocks;   // C
  const float* values;  // [blocks][kClusterThreads]
  float* sums;          // [blocks][kClusterThreads], the same in all blocks of a cluster
};

/// Every block reads all others, twice: only a barrier's halves keep it from overwriting what they still
/// read.
PPO_KERNEL(kClusterThreads) cluster_sum(ClusterRows rows) {
  ClusterMemory& memory = cluster_memory();
  const int thread = device::thread_index(), column = (thread + 1) % kClusterThreads;
  const int row = device::block_index() * kClusterThreads;
  for (int round = 0; round < 2; ++round) {
    memory.mine[thread] = rows.values[row + thread] * static_cast<float>(1 - round);
    device::sync_cluster();
    float sum = 0;
    for (int rank = 0; rank < rows.cluster_blocks; ++rank)
      sum += device::load_from_block(&memory.mine[column], rank);
    device::arrive_cluster();
    rows.sums[row + column] = round == 0 ? sum : rows.sums[row + column] + sum;
    device::wait_cluster();
  }
}

/// Every block sums up some columns by four, and writes the sums to all others.
PPO_KERNEL(kClusterThreads) cluster_share(ClusterRows rows) {
  ClusterMemory& memory = cluster_memory();
  const int thread = device::thread_index(), row = device::block_index() * kClusterThreads;
  memory.mine[thread] = rows.values[row + thread];
  device::sync_cluster();
  if (thread < kClusterThreads / 4 && thread % rows.cluster_blocks == device::cluster_rank()) {
    Quad sum{};
    for (int rank = 0; rank < rows.cluster_blocks; ++rank) {
      const Quad quad = device::load_quad_from_block(&memory.mine[4 * thread], rank);
      for (int i = 0; i < 4; ++i) sum.x[i] += quad.x[i];
    }
    for (int rank = 0; rank < rows.cluster_blocks; ++rank) {
      device::store_quad_to_block(&memory.sum[4 * thread], rank, sum);
      device::store_to_block(&memory.sum[4 * thread], rank, sum.x[0]);
    }
  }
  device::sync_cluster();
  rows.sums[row + thread] = memory.sum[thread];
}

/// [blocks][kClusterThreads] numbers that add up to other bits in most other orders.
inline std::vector<float> values_to_sum(int blocks) {
  std::vector<float> values;
  for (int i = 0; i < blocks * kClusterThreads; ++i) values.push_back(1.0f / static_cast<float>(i + 3));
  return values;
}

/// The sums that every block gets.
inline std::vector<float> sums_in_order(const std::vector<float>& values, int cluster_blocks) {
  const std::size_t size = static_cast<std::size_t>(cluster_blocks) * kClusterThreads;
  std::vector<float> sums;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t cluster = i / size * size;
    float sum = 0;
    for (std::size_t at = i % kClusterThreads; at < size; at += kClusterThreads) sum += values[cluster + at];
    sums.push_back(sum);
  }
  return sums;
}

}  // namespace ppo::probes
