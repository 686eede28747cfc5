// The only seam between the kernels and the machine: where a thread stands, shared memory, shuffles,
// barriers, and how blocks wait for each other. nvcc takes the definitions below; any other C++ compiler
// takes those of tests/simt, where every CUDA thread is a fiber. Kernel sources know no other difference.
#pragma once

#ifndef __CUDACC__
#include "simt/device.hpp"
#else

#include <cstddef>
#include <cstdint>

#define PPO_DEVICE __device__ __forceinline__
#define PPO_KERNEL(threads) __global__ void __launch_bounds__(threads, 1)
#define PPO_LAUNCH_ARGUMENT const __grid_constant__
#define PPO_UNROLL _Pragma("unroll")
#define PPO_NO_UNROLL _Pragma("unroll 1")

namespace ppo::device {

/// What this pass of the compiler makes code for, 10 * major + minor; 0: the host.
#ifdef __CUDA_ARCH__
inline constexpr int kComputeCapability = __CUDA_ARCH__ / 10;
#else
inline constexpr int kComputeCapability = 0;
#endif

/// Read anew at every call: were it a value like any other, the compiler would compute all that depends on it
/// once, before the training loop, and have no registers left to keep it in.
PPO_DEVICE int thread_index() {
  int index;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(index));
  return index;
}
PPO_DEVICE int block_index() {
  return static_cast<int>(blockIdx.x);
}

/// The block's dynamic shared memory, aligned to 16 bytes.
PPO_DEVICE std::byte* shared_memory() {
  extern __shared__ __align__(16) unsigned char ppo_shared_memory[];
  return reinterpret_cast<std::byte*>(ppo_shared_memory);
}

/// All threads of the block meet here; what they wrote before is seen by the others after.
PPO_DEVICE void sync_block() {
  __syncthreads();
}

/// The same for the block's threads [group * threads, (group + 1) * threads), a multiple of 32. Like
/// sync_block it is for all lanes of a warp together; ptxas lets them meet first.
PPO_DEVICE void sync_group(int group, int threads) {
  asm volatile("bar.sync %0, %1;" : : "r"(group + 1), "r"(threads) : "memory");
}

/// The same for the 32 threads of a warp.
PPO_DEVICE void sync_warp() {
  __syncwarp();
}

/// The value that `lane` of this warp holds; all 32 lanes take part. Orders no memory.
template <class T>
PPO_DEVICE T shuffle(T value, int lane) {
  return __shfl_sync(0xffffffffu, value, lane);
}

/// The value of lane (own lane ^ mask); all 32 lanes take part. Orders no memory.
template <class T>
PPO_DEVICE T shuffle_xor(T value, int mask) {
  return __shfl_xor_sync(0xffffffffu, value, mask);
}

/// Adds 1 to a counter in global memory. What this thread, and those it met at a barrier before, have written
/// is seen by whoever then finds the new count with `look`.
PPO_DEVICE void arrive(std::uint32_t* counter) {
  asm volatile("red.release.gpu.global.add.u32 [%0], 1;" : : "l"(counter) : "memory");
}

PPO_DEVICE std::uint32_t look(const std::uint32_t* counter) {
  std::uint32_t value;
  asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(value) : "l"(counter) : "memory");
  return value;
}

/// Between two looks: nothing, as a look takes as long as a trip to the level-2 cache by itself.
PPO_DEVICE void pause() {}

/// Lets others have the issue slots for about that time [ns], or up to twice as long.
PPO_DEVICE void sleep(unsigned nanoseconds) {
  __nanosleep(nanoseconds);
}

/// Clock of this multiprocessor [cycles].
PPO_DEVICE std::uint64_t clock_cycles() {
  return static_cast<std::uint64_t>(clock64());
}

/// 1 / x within 1 ulp, for normal x with a normal reciprocal; ftz spares what other x would need.
PPO_DEVICE float reciprocal_estimate(float x) {
  float y;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

}  // namespace ppo::device

#endif
