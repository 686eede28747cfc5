// Small kernels beside the training kernel: what a card can do at best, and whether it computes what the host
// computes. They run on this thread's CUDA device; all throw Failure(kRunFailed) when a call fails.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ppo/philox.hpp"

namespace ppo::probes {

/// Makes it this thread's device.
void use_device(int index);

struct Clocks {
  double core = 0;    // of the multiprocessors at most [Hz]
  double memory = 0;  // [Hz]
};

Clocks clocks(int device);

/// FLOP/s in fp32 fused multiply-adds, every multiprocessor full of independent chains, over about that time.
double fma_peak(double seconds);

/// The most blocks of a team that meets at barriers.
int largest_team();

/// Time that a team of so many blocks takes for a barrier at which all arrive together [s].
double barrier(int blocks);

/// The device takes clusters of that many blocks, and runs code that may use them.
bool has_clusters(int cluster_blocks);

/// Time that such a cluster takes for a barrier at which all arrive together [s].
double cluster_barrier(int cluster_blocks);

/// Sums over the blocks of each cluster: by reading from all blocks, and by writing to all.
struct ClusterSums {
  std::vector<float> read;
  std::vector<float> written;
};

/// Of [blocks][kClusterThreads] values; they are as long, and must be sums_in_order (cluster_sums.hpp).
ClusterSums cluster_sums(const std::vector<float>& values, int cluster_blocks);

/// cuRAND's Philox4x32-10 of each counter.
std::vector<PhiloxBlock> philox(std::span<const PhiloxBlock> counters, std::uint64_t key);

enum class Function { exp, log, tanh, quick_tanh, sin, cos, divide, sqrt };

/// A fingerprint (bench/probes/probe_functions.hpp) for each of the first `chunks` chunks of arguments.
std::vector<std::uint32_t> fingerprints(Function function, std::uint32_t stride, std::uint32_t chunks);

}  // namespace ppo::probes
