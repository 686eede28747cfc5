// What a block reads from global memory into shared memory.
#pragma once

#include "kernels/device.hpp"
#include "kernels/launch.hpp"

namespace ppo {

/// A thread's part of `count` consecutive numbers that the block reads from global memory: every 256th. What
/// is to be stored later is loaded first, so that all loads are under way together and take one trip to the
/// level-2 cache. Only the last one asks whether there is still a number for it.
template <int count>
struct BlockCopy {
  static constexpr int kEach = (count + kBlockThreads - 1) / kBlockThreads;
  float x[kEach] = {};  // were one without a value here, that of the last call would be kept for it

  PPO_DEVICE explicit BlockCopy(const float* from) {
    for_each([&](int k, int i) { x[k] = from[i]; });
  }

  /// to[i + gap(i)] = from[i]
  template <class Gap>
  PPO_DEVICE void store(float* to, Gap gap) const {
    for_each([&](int k, int i) { to[i + gap(i)] = x[k]; });
  }
  PPO_DEVICE void store(float* to) const {
    store(to, [](int) { return 0; });
  }

 private:
  template <class Visit>
  PPO_DEVICE static void for_each(Visit visit) {
    const int thread = device::thread_index();
    PPO_UNROLL
    for (int k = 0; k < kEach; ++k) {
      const int i = k * kBlockThreads + thread;
      if ((k + 1) * kBlockThreads <= count || i < count) visit(k, i);
    }
  }
};

}  // namespace ppo
