// Kernels small enough to be seen through, for the tests of the emulator itself.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/probes/cluster_sums.hpp"
#include "simt/device.hpp"
#include "simt/grid.hpp"

namespace ppo::simt::test {

inline constexpr int kThreads = 128;  // of a block
inline constexpr int kWarps = kThreads / kWarpThreads;
inline constexpr int kGroupThreads = 64;

struct SumMemory {
  float warp[kWarps];
  float block;
  float mine[kThreads];
  float pair[2];
};

PPO_DEVICE SumMemory& sum_memory() {
  return *reinterpret_cast<SumMemory*>(device::shared_memory());
}

PPO_DEVICE float warp_sum(float value) {
  for (int mask = 16; mask > 0; mask /= 2) value += device::shuffle_xor(value, mask);
  return value;
}

/// sums[thread] = the sum of the block's values in every thread: by shuffles, then over shared memory.
PPO_KERNEL(kThreads) block_sum(const float* values /* [kThreads] */, float* sums /* [kThreads] */) {
  SumMemory& memory = sum_memory();
  const int thread = device::thread_index();
  const float sum = warp_sum(values[thread]);
  if (thread % kWarpThreads == 0) memory.warp[thread / kWarpThreads] = sum;
  device::sync_block();
  if (thread < kWarpThreads) {
    const float all = warp_sum(thread < kWarps ? memory.warp[thread] : 0.0f);
    if (thread == 0) memory.block = all;
  }
  device::sync_block();
  sums[thread] = device::shuffle(memory.block, thread % 7);
}

/// The same by every other barrier: in a warp, then a group of two, then the block.
PPO_KERNEL(kThreads) group_sum(const float* values /* [kThreads] */, float* sums /* [kThreads] */) {
  SumMemory& memory = sum_memory();
  const int thread = device::thread_index();
  memory.mine[thread] = values[thread];
  device::sync_warp();
  if (thread % kWarpThreads == 31) {  // the last of each warp, over what the others wrote
    float sum = 0;
    for (int i = thread - 31; i <= thread; ++i) sum += memory.mine[i];
    memory.warp[thread / kWarpThreads] = sum;
  }
  const int group = thread / kGroupThreads;
  device::sync_group(group, kGroupThreads);
  if (thread % kGroupThreads == 5) memory.pair[group] = memory.warp[2 * group] + memory.warp[2 * group + 1];
  device::sync_block();
  sums[thread] = memory.pair[0] + memory.pair[1];
}

/// What blocks need to meet.
struct TeamBarrier {
  std::uint32_t* arrivals;  // 0 at the start of the kernel
  std::uint32_t blocks;
  std::uint32_t due = 0;

  PPO_DEVICE void wait() {
    device::sync_block();
    if (device::thread_index() == 0) {
      due += blocks;
      device::arrive(arrivals);
      while (device::look(arrivals) < due) device::pause();
    }
    device::sync_block();
  }
};

/// A ring: in every round each block adds what the block before it had; after `blocks` rounds of ones all
/// have 2^blocks. Each thread has a column of its own, read by another thread of the next block.
PPO_KERNEL(kThreads)
ring(std::uint32_t* arrivals, int blocks, std::uint32_t* cells /* [2][blocks][kThreads] */) {
  TeamBarrier barrier{arrivals, static_cast<std::uint32_t>(blocks)};
  const int thread = device::thread_index(), block = device::block_index();
  const int other = (block + 1) % blocks, column = (thread + 1) % kThreads;
  cells[block * kThreads + thread] = 1;
  for (int round = 0; round < blocks; ++round) {
    const std::uint32_t* from = cells + round % 2 * blocks * kThreads;
    std::uint32_t* to = cells + (round + 1) % 2 * blocks * kThreads;
    barrier.wait();
    to[block * kThreads + thread] = from[block * kThreads + thread] + from[other * kThreads + column];
  }
}

/// The sums (block_sum or group_sum) of 0, 1, 2, ... in every thread.
template <class Kernel>
bool sums_right(Kernel kernel, const Schedule& schedule, LaunchRecord* record = nullptr) {
  std::vector<float> values(kThreads), sums(kThreads, -1.0f);
  for (int i = 0; i < kThreads; ++i) values[static_cast<std::size_t>(i)] = static_cast<float>(i);
  const LaunchRecord done = launch({.blocks = 1, .threads = kThreads, .shared_bytes = sizeof(SumMemory)},
                                   schedule, [&] { kernel(values.data(), sums.data()); });
  if (record != nullptr) *record = done;
  return sums == std::vector<float>(kThreads, kThreads * (kThreads - 1) / 2);
}

/// Two clusters' sums.
template <class Kernel>
bool cluster_sums_right(Kernel kernel, int cluster_blocks, const Schedule& schedule,
                        LaunchRecord* record = nullptr) {
  const int blocks = 2 * cluster_blocks;
  const std::vector<float> values = probes::values_to_sum(blocks);
  std::vector<float> sums(values.size(), -1.0f);
  const GridShape shape{.blocks = blocks,
                        .cluster_blocks = cluster_blocks,
                        .threads = probes::kClusterThreads,
                        .shared_bytes = sizeof(probes::ClusterMemory)};
  const probes::ClusterRows rows{cluster_blocks, values.data(), sums.data()};
  const LaunchRecord done = launch(shape, schedule, [&] { kernel(rows); });
  if (record != nullptr) *record = done;
  return sums == probes::sums_in_order(values, cluster_blocks);
}

inline bool ring_right(int blocks, const Schedule& schedule, LaunchRecord* record = nullptr) {
  std::uint32_t arrivals = 0;
  const std::size_t size = static_cast<std::size_t>(blocks) * kThreads;
  std::vector<std::uint32_t> cells(2 * size, 0);
  const LaunchRecord done = launch({.blocks = blocks, .threads = kThreads}, schedule,
                                   [&] { ring(&arrivals, blocks, cells.data()); });
  if (record != nullptr) *record = done;
  const auto last = cells.begin() + static_cast<std::ptrdiff_t>(blocks % 2 == 0 ? 0 : size);
  return std::vector<std::uint32_t>(last, last + static_cast<std::ptrdiff_t>(size)) ==
         std::vector<std::uint32_t>(size, std::uint32_t{1} << blocks);
}

}  // namespace ppo::simt::test
