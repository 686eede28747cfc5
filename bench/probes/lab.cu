#include "bench/probes/lab.hpp"

#include <algorithm>
#include <vector>

#include "bench/probes/probe_functions.hpp"
#include "engine/cuda/runtime.hpp"
#include "kernels/shared.hpp"
#include "system/median.hpp"
#include "system/stopwatch.hpp"

namespace ppo::probes {
namespace {

using cuda::check;
using cuda::check_kernel;
using cuda::DeviceMemory;

constexpr int kLoads = 8;  // in flight, of a warp
constexpr int kLanes = 32;
constexpr int kQuadBytes = 16;
constexpr int kRounds = 4096;  // of kLoads loads

// ---- Device ----------------------------------------------------------------------------------------------

PPO_KERNEL(kBlockThreads)
nothing() {}

/// Volatile, or the compiler would load once, and only what is used.
PPO_DEVICE Quad load_volatile(std::uint32_t address) {
  Quad quad;
  asm volatile("ld.volatile.shared.v4.f32 {%0, %1, %2, %3}, [%4];"
               : "=f"(quad.x[0]), "=f"(quad.x[1]), "=f"(quad.x[2]), "=f"(quad.x[3])
               : "r"(address));
  return quad;
}

/// A block's warps read side by side; its first thread says how long that took.
PPO_KERNEL(kBlockThreads)
load_quads(std::uint32_t lane_bits, std::uint64_t* cycles, float* out) {
  auto* const floats = reinterpret_cast<float*>(device::shared_memory());
  for (int i = device::thread_index(); i < kLoads * kLanes * 4; i += kBlockThreads) floats[i] = 0;
  const auto lane = static_cast<std::uint32_t>(device::thread_index() % kLanes);
  const auto first = static_cast<std::uint32_t>(__cvta_generic_to_shared(floats)) +
                     kQuadBytes * packed_bits(lane, lane_bits);
  device::sync_block();
  const std::uint64_t begin = device::clock_cycles();
  float sums[kLoads] = {};  // apart, or each addition would wait for the one before
  PPO_NO_UNROLL
  for (int round = 0; round < kRounds; ++round) {
    Quad quads[kLoads];
    PPO_UNROLL
    for (int i = 0; i < kLoads; ++i) {
      quads[i] = load_volatile(first + static_cast<std::uint32_t>(i * kLanes * kQuadBytes));
    }
    // One of the four is used: else all loads would share their registers, and each wait for the one before.
    PPO_UNROLL
    for (int i = 0; i < kLoads; ++i) sums[i] += quads[i].x[0];
  }
  device::sync_block();
  if (device::thread_index() == 0) *cycles = device::clock_cycles() - begin;
  float sum = 0;
  PPO_UNROLL
  for (int i = 0; i < kLoads; ++i) sum += sums[i];
  if (sum == -1) *out = sum;  // never, which the compiler does not know
}

// ---- Host ------------------------------------------------------------------------------------------------

void launch_nothing() {
  nothing<<<1, kBlockThreads>>>();
  check(cudaGetLastError(), "the launch of an empty kernel");
}

/// [s] by the host's clock, which sees the end as the engine does.
double seconds_until_known(int launches) {
  const cuda::Event end = cuda::make_event();
  check_kernel(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  const Stopwatch watch;
  for (int i = 0; i < launches; ++i) launch_nothing();
  check(cudaEventRecord(end.get(), nullptr), "cudaEventRecord");
  check_kernel(cudaEventSynchronize(end.get()), "cudaEventSynchronize");
  return watch.seconds();
}

}  // namespace

double quad_load_cycles(std::uint32_t lane_bits) {
  const DeviceMemory cycles = cuda::allocate_device(1, sizeof(std::uint64_t));
  const DeviceMemory out = cuda::allocate_device(1, sizeof(float));
  std::uint64_t taken = 0;
  for (int run = 0; run < 2; ++run) {  // the first may include loading the code
    load_quads<<<1, kBlockThreads, kLoads * kLanes * kQuadBytes>>>(
        lane_bits, reinterpret_cast<std::uint64_t*>(cycles.get()), reinterpret_cast<float*>(out.get()));
    check(cudaGetLastError(), "the launch of load_quads");
    check_kernel(cudaMemcpy(&taken, cycles.get(), sizeof taken, cudaMemcpyDeviceToHost), "cudaMemcpy");
  }
  constexpr double kWarps = kBlockThreads / kLanes;
  return static_cast<double>(taken) / (kWarps * kRounds * kLoads);
}

double launch_seconds() {
  constexpr int kTimes = 201;
  seconds_until_known(1);
  std::vector<double> seconds;
  for (int i = 0; i < kTimes; ++i) seconds.push_back(seconds_until_known(1));
  std::sort(seconds.begin(), seconds.end());
  return median_of_sorted(seconds);
}

double queued_launch_seconds() {
  constexpr int kLaunches = 2000;
  seconds_until_known(kLaunches);
  return seconds_until_known(kLaunches) / kLaunches;
}

}  // namespace ppo::probes
