#include "bench/probes/probes.hpp"

#include <algorithm>

#include "bench/probes/on_device.hpp"
#include "bench/probes/patience.hpp"
#include "bench/probes/probe_functions.hpp"
#include "kernels/quick.hpp"
#include "kernels/team.hpp"
#include "ppo/env/cartpole.hpp"

namespace ppo::probes {
namespace {

using cuda::check;
using cuda::DeviceMemory;

/// The team and the block's shared memory are those of this agent's training kernel.
using Trained = SizedAgent<CartPole, 64>;

constexpr int kChains = 8;
constexpr int kUnrolled = 64;  // steps

// ---- Device ----------------------------------------------------------------------------------------------

/// `steps` steps of kChains chains a thread, which only the fma units' number limits: hundreds of chains wait
/// for each of them.
PPO_KERNEL(kBlockThreads)
fma_chains(std::int64_t steps, float factor, float term, float* out) {
  float chain[kChains];
  PPO_UNROLL
  for (int i = 0; i < kChains; ++i) chain[i] = static_cast<float>(device::thread_index() + i);
  PPO_NO_UNROLL
  for (std::int64_t step = 0; step < steps; step += kUnrolled) {
    PPO_UNROLL
    for (int s = 0; s < kUnrolled; ++s) {
      PPO_UNROLL
      for (int i = 0; i < kChains; ++i) chain[i] = fma(chain[i], factor, term);
    }
  }
  float sum = 0;
  PPO_UNROLL
  for (int i = 0; i < kChains; ++i) sum += chain[i];
  if (sum == -1) *out = sum;  // never, which the compiler does not know
}

/// launch.updates barriers of the training kernel, with nothing between them.
PPO_KERNEL(kBlockThreads)
barriers(PPO_LAUNCH_ARGUMENT Launch launch) {
  const TeamBlock<Trained> block(launch, *reinterpret_cast<Shared<Trained>*>(device::shared_memory()));
  for (std::int64_t i = 0; i < launch.updates; ++i) block.wait();
}

PPO_KERNEL(kBlockThreads)
philox_of(const PhiloxBlock* counters, std::uint64_t key, int count, PhiloxBlock* out) {
  const int i = device::block_index() * kBlockThreads + device::thread_index();
  if (i < count) out[i] = random_block(counters[i], key);
}

struct QuickTanh {
  PPO_DEVICE static float of(std::uint32_t b) { return quick_tanh(from_bits(b)); }
};

/// A block takes a chunk.
template <class Of>
PPO_KERNEL(kBlockThreads)
fingerprint_chunk(std::uint32_t stride, std::uint32_t* out) {
  const std::uint32_t first = static_cast<std::uint32_t>(device::block_index()) * kChunkSize;
  std::uint32_t sum = 0;
  for (std::uint32_t i = static_cast<std::uint32_t>(device::thread_index()); i < kChunkSize;
       i += kBlockThreads) {
    const std::uint32_t argument = (first + i) * stride;
    sum += fingerprint_term(argument, Of::of(argument));
  }
  atomicAdd(out + device::block_index(), sum);
}

// ---- Host ------------------------------------------------------------------------------------------------

int multiprocessors() {
  int device = 0;
  int count = 0;
  check(cudaGetDevice(&device), "cudaGetDevice");
  check(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device), "cudaDeviceGetAttribute");
  return count;
}

/// Blocks of a kernel that the device holds at once.
template <class Kernel>
int resident_blocks(Kernel kernel, std::size_t shared_bytes) {
  int blocks = 0;
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, kBlockThreads, shared_bytes),
        "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
  return blocks * multiprocessors();
}

template <class Of>
void launch_fingerprints(std::uint32_t stride, std::uint32_t chunks, std::uint32_t* out) {
  fingerprint_chunk<Of><<<chunks, kBlockThreads>>>(stride, out);
}

}  // namespace

void use_device(int index) {
  check(cudaSetDevice(index), "cudaSetDevice");
}

Clocks clocks(int device) {
  int core = 0;
  int memory = 0;  // both in kHz
  check(cudaDeviceGetAttribute(&core, cudaDevAttrClockRate, device), "cudaDeviceGetAttribute");
  check(cudaDeviceGetAttribute(&memory, cudaDevAttrMemoryClockRate, device), "cudaDeviceGetAttribute");
  return {1e3 * core, 1e3 * memory};
}

double fma_peak(double seconds) {
  const DeviceMemory out = cuda::allocate_device(1, sizeof(float));
  const int blocks = resident_blocks(fma_chains, 0);
  const auto run = [&](std::int64_t steps) {
    return seconds_of([&] {
      fma_chains<<<blocks, kBlockThreads>>>(steps, 0.999F, 0.001F, reinterpret_cast<float*>(out.get()));
      check(cudaGetLastError(), "the launch of fma_chains");
    });
  };
  constexpr std::int64_t kTrial = kUnrolled * 256;
  run(kTrial);
  const double a_step = run(kTrial) / kTrial;
  const auto steps =
      std::max<std::int64_t>(static_cast<std::int64_t>(seconds / a_step), kTrial) / kUnrolled * kUnrolled;
  const double flops = 2.0 * kChains * kBlockThreads * blocks * static_cast<double>(steps);
  return flops / run(steps);
}

int largest_team() {
  check(cudaFuncSetAttribute(barriers, cudaFuncAttributeMaxDynamicSharedMemorySize, sizeof(Shared<Trained>)),
        "cudaFuncSetAttribute");
  return std::min(resident_blocks(barriers, sizeof(Shared<Trained>)), multiprocessors());
}

double barrier(int blocks) {
  constexpr std::int64_t kBarriers = 10000;
  largest_team();  // lets the kernel have the shared memory
  const DeviceMemory counter = cuda::allocate_device(1, sizeof(TeamCounter));
  Launch launch{};
  launch.num_teams = 1;
  launch.blocks_per_agent = blocks;
  launch.cluster_blocks = 1;
  launch.patience = kPatience;
  launch.counters = reinterpret_cast<TeamCounter*>(counter.get());
  const auto run = [&](std::int64_t count) {
    launch.updates = count;
    check(cudaMemset(counter.get(), 0, sizeof(TeamCounter)), "cudaMemset");
    void* arguments[] = {&launch};
    return seconds_of([&] {
      check(cudaLaunchCooperativeKernel(reinterpret_cast<const void*>(&barriers),
                                        dim3(static_cast<unsigned>(blocks)), dim3(kBlockThreads), arguments,
                                        sizeof(Shared<Trained>), nullptr),
            "cudaLaunchCooperativeKernel");
    });
  };
  run(1);
  const double launched = run(1);
  return std::max(run(kBarriers) - launched, 0.0) / static_cast<double>(kBarriers - 1);
}

std::vector<PhiloxBlock> philox(std::span<const PhiloxBlock> counters, std::uint64_t key) {
  const DeviceMemory in = to_device(counters);
  const DeviceMemory out = cuda::allocate_device(counters.size(), sizeof(PhiloxBlock));
  const auto blocks = static_cast<unsigned>((counters.size() + kBlockThreads - 1) / kBlockThreads);
  philox_of<<<blocks, kBlockThreads>>>(reinterpret_cast<const PhiloxBlock*>(in.get()), key,
                                       static_cast<int>(counters.size()),
                                       reinterpret_cast<PhiloxBlock*>(out.get()));
  check(cudaGetLastError(), "the launch of philox_of");
  return to_host<PhiloxBlock>(out, counters.size());
}

std::vector<std::uint32_t> fingerprints(Function function, std::uint32_t stride, std::uint32_t chunks) {
  const DeviceMemory memory = cuda::allocate_device(chunks, sizeof(std::uint32_t));
  check(cudaMemset(memory.get(), 0, chunks * sizeof(std::uint32_t)), "cudaMemset");
  auto* out = reinterpret_cast<std::uint32_t*>(memory.get());
  switch (function) {
    case Function::exp:
      launch_fingerprints<Exp>(stride, chunks, out);
      break;
    case Function::log:
      launch_fingerprints<Log>(stride, chunks, out);
      break;
    case Function::tanh:
      launch_fingerprints<Tanh>(stride, chunks, out);
      break;
    case Function::quick_tanh:
      launch_fingerprints<QuickTanh>(stride, chunks, out);
      break;
    case Function::sin:
      launch_fingerprints<Sin>(stride, chunks, out);
      break;
    case Function::cos:
      launch_fingerprints<Cos>(stride, chunks, out);
      break;
    case Function::divide:
      launch_fingerprints<Divide>(stride, chunks, out);
      break;
    case Function::sqrt:
      launch_fingerprints<Sqrt>(stride, chunks, out);
      break;
  }
  check(cudaGetLastError(), "the launch of fingerprint_chunk");
  return to_host<std::uint32_t>(memory, chunks);
}

}  // namespace ppo::probes
