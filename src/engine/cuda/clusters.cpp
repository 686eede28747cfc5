#include "engine/cuda/clusters.hpp"

#include "engine/cuda/runtime.hpp"

namespace ppo::cuda {
namespace {

constexpr int kPortableBlocks = 8;    // that a cluster may have on every card that has clusters
constexpr int kFirstCapability = 90;  // that has them

}  // namespace

void allow_clusters(const CudaLoops& loops, int cluster_blocks) {
  if (cluster_blocks <= kPortableBlocks) return;
  check(cudaFuncSetAttribute(loops.kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
        "cudaFuncSetAttribute");
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
  allow_clusters(loops, cluster_blocks);
  cudaLaunchAttribute dimension{};
  dimension.id = cudaLaunchAttributeClusterDimension;
  dimension.val = cluster_dimension(cluster_blocks);
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(cluster_blocks));
  config.blockDim = dim3(kBlockThreads);
  config.dynamicSmemBytes = loops.shared_bytes;
  config.attrs = &dimension;
  config.numAttrs = 1;
  int clusters = 0;
  const cudaError_t result = handled(cudaOccupancyMaxActiveClusters(&clusters, loops.kernel, &config));
  if (result == cudaErrorInvalidClusterSize) return 0;
  check(result, "cudaOccupancyMaxActiveClusters");
  return clusters * cluster_blocks;
}

}  // namespace ppo::cuda
