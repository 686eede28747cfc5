// The only seam between the kernels and the machine: where a thread stands, shared memory, shuffles,
// barriers, and how blocks wait for each other. nvcc takes the definitions below; any other C++ compiler
// takes those of tests/simt, where every CUDA thread is a fiber. Kernel sources know no other difference.
#pragma once

#ifndef __CUDACC__
#include "simt/device.hpp"
#else

#include <cstddef>
#include <cstdint>

#include "kernels/quad.hpp"

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

/// The block's dynamic shared memory, aligned to 16 bytes. Its address takes a way through a shuffle, which
/// the compiler does not see through: it would compute the address anew, 50 cycles, wherever it has met a
/// barrier. For all threads of the block, once.
PPO_DEVICE std::byte* shared_memory() {
  extern __shared__ __align__(16) unsigned char ppo_shared_memory[];
  const auto address = static_cast<unsigned>(__cvta_generic_to_shared(ppo_shared_memory));
  return static_cast<std::byte*>(__cvta_shared_to_generic(__shfl_sync(0xffffffffu, address, 0)));
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

/// The same between the device and the host, or other devices, by numbers in host memory: what this thread,
/// and those it met at a barrier after their fence_system, have written before tell_host is seen by whoever
/// finds the number, and the other way round.
PPO_DEVICE void fence_system() {
  __threadfence_system();
}
PPO_DEVICE void tell_host(std::uint32_t* number, std::uint32_t value) {
  asm volatile("st.release.sys.global.u32 [%0], %1;" : : "l"(number), "r"(value) : "memory");
}
PPO_DEVICE std::uint32_t hear_host(const std::uint32_t* number) {
  std::uint32_t value;
  asm volatile("ld.acquire.sys.global.u32 %0, [%1];" : "=r"(value) : "l"(number) : "memory");
  return value;
}

/// A cluster is C blocks side by side in the grid, whose threads can meet and which reach each other's shared
/// memory; from compute capability 9.0 on. A block must not touch another's before that one is known to have
/// begun, nor end while others may still touch its own: a cluster's barrier lies between.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900

/// This block's number in its cluster, block_index() % C; 0 without clusters.
PPO_DEVICE int cluster_rank() {
  int rank;
  asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  return rank;
}

/// All threads of the cluster's blocks meet here: what they wrote before, to global memory and to any block's
/// shared memory, is seen by the others after. Between the halves of such a meeting a thread may work on what
/// is its own. It waits for each of its arrivals before the next. Like sync_block all three are for all lanes
/// of a warp together. For sm_90 an arrival is a fence of the whole device and a wait empties the level-1
/// cache, so such a meeting is not free even where only shared memory was written.
PPO_DEVICE void arrive_cluster() {
  asm volatile("barrier.cluster.arrive.release.aligned;" : : : "memory");
}
PPO_DEVICE void wait_cluster() {
  asm volatile("barrier.cluster.wait.acquire.aligned;" : : : "memory");
}
PPO_DEVICE void sync_cluster() {
  arrive_cluster();
  wait_cluster();
}

/// Where that block of the cluster keeps what this block keeps at `own`, in shared memory. A generic address,
/// which a load takes as it is: that of a load from the cluster's window would be completed at every load.
template <class T>
PPO_DEVICE T* in_block(T* own, int rank) {
  T* there;
  asm("mapa.u64 %0, %1, %2;" : "=l"(there) : "l"(own), "r"(rank));
  return there;
}

#else  // each block is alone, and calls none but cluster_rank

PPO_DEVICE int cluster_rank() {
  return 0;
}
PPO_DEVICE void arrive_cluster() {
  __trap();
}
PPO_DEVICE void wait_cluster() {
  __trap();
}
PPO_DEVICE void sync_cluster() {
  __trap();
}
template <class T>
PPO_DEVICE T* in_block(T* own, int) {
  __trap();
  return own;
}

#endif

/// The value that lies where `own` does, in the shared memory of the cluster's block `rank`, which may be
/// this one. A quad is aligned to 16 bytes.
PPO_DEVICE float load_from_block(const float* own, int rank) {
  return *in_block(own, rank);
}
PPO_DEVICE Quad load_quad_from_block(const float* own, int rank) {
  return *reinterpret_cast<const Quad*>(in_block(own, rank));
}

/// Writes it there.
PPO_DEVICE void store_to_block(float* own, int rank, float value) {
  *in_block(own, rank) = value;
}
PPO_DEVICE void store_quad_to_block(float* own, int rank, const Quad& quad) {
  *reinterpret_cast<Quad*>(in_block(own, rank)) = quad;
}

/// Between two looks: nothing, as a look takes as long as a trip to the level-2 cache by itself.
PPO_DEVICE void pause() {}

/// Ends the launch with a fault.
PPO_DEVICE void give_up() {
  __trap();
}

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
