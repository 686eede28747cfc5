#include "bench/probes/cluster_sums.hpp"
#include "bench/probes/on_device.hpp"
#include "bench/probes/probes.hpp"
#include "engine/cuda/clusters.hpp"

namespace ppo::probes {
namespace {

using cuda::check;
using cuda::DeviceMemory;

PPO_KERNEL(kBlockThreads) cluster_barriers(std::int64_t count) {
  PPO_NO_UNROLL
  for (std::int64_t i = 0; i < count; ++i) device::sync_cluster();
}

struct ClusterGrid {
  int blocks;
  int cluster_blocks;
  int threads;  // of a block
  std::size_t shared_bytes;
};

template <class... Arguments>
void launch(void (*kernel)(Arguments...), const ClusterGrid& grid, Arguments... arguments) {
  cudaLaunchAttribute dimension{};
  dimension.id = cudaLaunchAttributeClusterDimension;
  dimension.val = cuda::cluster_dimension(grid.cluster_blocks);
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(grid.blocks));
  config.blockDim = dim3(static_cast<unsigned>(grid.threads));
  config.dynamicSmemBytes = grid.shared_bytes;
  config.attrs = &dimension;
  config.numAttrs = 1;
  check(cudaLaunchKernelEx(&config, kernel, arguments...), "cudaLaunchKernelEx");
}

/// The kernel as those functions know it that ask for no more.
template <class Kernel>
CudaLoops described(Kernel* kernel, std::size_t shared_bytes) {
  CudaLoops loops{};
  loops.kernel = reinterpret_cast<const void*>(kernel);
  loops.shared_bytes = shared_bytes;
  return loops;
}

std::vector<float> sums_by(void (*kernel)(ClusterRows), const DeviceMemory& values, const ClusterGrid& grid) {
  const std::size_t count = static_cast<std::size_t>(grid.blocks) * kClusterThreads;
  const DeviceMemory sums = cuda::allocate_device(count, sizeof(float));
  cuda::allow_clusters(described(kernel, grid.shared_bytes), grid.cluster_blocks);
  launch(kernel, grid,
         ClusterRows{grid.cluster_blocks, reinterpret_cast<const float*>(values.get()),
                     reinterpret_cast<float*>(sums.get())});
  return to_host<float>(sums, count);
}

}  // namespace

bool has_clusters(int cluster_blocks) {
  return cuda::resident_in_clusters(described(cluster_barriers, 0), cluster_blocks) > 0;
}

ClusterSums cluster_sums(const std::vector<float>& values, int cluster_blocks) {
  const DeviceMemory in = to_device(std::span<const float>(values));
  const ClusterGrid grid{static_cast<int>(values.size()) / kClusterThreads, cluster_blocks, kClusterThreads,
                         sizeof(ClusterMemory)};
  return {sums_by(cluster_sum, in, grid), sums_by(cluster_share, in, grid)};
}

double cluster_barrier(int cluster_blocks) {
  constexpr std::int64_t kBarriers = 10000;
  cuda::allow_clusters(described(cluster_barriers, 0), cluster_blocks);
  const ClusterGrid grid{cluster_blocks, cluster_blocks, kBlockThreads, 0};
  const auto run = [&](std::int64_t count) {
    return seconds_of([&] { launch(cluster_barriers, grid, count); });
  };
  run(1);
  const double launched = run(1);
  return std::max(run(kBarriers) - launched, 0.0) / static_cast<double>(kBarriers - 1);
}

}  // namespace ppo::probes
