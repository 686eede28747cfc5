#include "engine/cuda/clusters.hpp"

#include <algorithm>

#include "engine/cuda/device.hpp"
#include "engine/cuda/runtime.hpp"

namespace ppo::cuda {
namespace {

constexpr int kPortableBlocks = 8;    // that a cluster may have on every card that has clusters
constexpr int kFirstCapability = 90;  // that has them

}  // namespace

std::size_t shared_bytes(const CudaLoops& loops, int cluster_blocks) {
  return cluster_blocks > 1 ? std::max(loops.shared_bytes, loops.cluster_shared_bytes) : loops.shared_bytes;
}

bool allow_clusters(const CudaLoops& loops, int cluster_blocks) {
  if (cluster_blocks > kPortableBlocks) {
    check(cudaFuncSetAttribute(loops.kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
          "cudaFuncSetAttribute");
  }
  const cudaError_t result =
      handled(cudaFuncSetAttribute(loops.kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   static_cast<int>(shared_bytes(loops, cluster_blocks))));
  if (result == cudaErrorInvalidValue) return false;
  check(result, "cudaFuncSetAttribute");
  return true;
}

cudaLaunchAttributeValue cluster_dimension(int cluster_blocks) {
  cudaLaunchAttributeValue value{};
  value.clusterDim.x = static_cast<unsigned>(cluster_blocks);
  value.clusterDim.y = 1;
  value.clusterDim.z = 1;
  return value;
}

int resident_in_clusters(const CudaLoops& loops, int cluster_blocks) {
  cudaFuncAttributes attributes{};
  check(cudaFuncGetAttributes(&attributes, loops.kernel), "cudaFuncGetAttributes");
  if (attributes.ptxVersion < kFirstCapability) return 0;
  if (!allow_clusters(loops, cluster_blocks)) return 0;
  cudaLaunchAttribute dimension{};
  dimension.id = cudaLaunchAttributeClusterDimension;
  dimension.val = cluster_dimension(cluster_blocks);
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(cluster_blocks));
  config.blockDim = dim3(kBlockThreads);
  config.dynamicSmemBytes = shared_bytes(loops, cluster_blocks);
  config.attrs = &dimension;
  config.numAttrs = 1;
  int clusters = 0;
  const cudaError_t result = handled(cudaOccupancyMaxActiveClusters(&clusters, loops.kernel, &config));
  if (result == cudaErrorInvalidClusterSize) return 0;
  check(result, "cudaOccupancyMaxActiveClusters");
  return clusters * cluster_blocks;
}

int choose_clusters(const CudaLoops& loops, const Sizes& sizes, const Grid& grid) {
  if (loops.cluster_shared_bytes == 0 || !loops.fits_clusters(sizes, grid.blocks_per_agent)) return 1;
  const int blocks = grid.num_teams * grid.blocks_per_agent;
  return blocks <= resident_in_clusters(loops, kClusterBlocks) ? kClusterBlocks : 1;
}

}  // namespace ppo::cuda
