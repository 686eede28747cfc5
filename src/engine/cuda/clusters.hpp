// Clusters: blocks that a card runs side by side, so that each reaches the shared memory of all.
#pragma once

#include <cuda_runtime_api.h>

#include "kernels/launch.hpp"

namespace ppo::cuda {

struct Grid;

/// The dynamic shared memory of a block [bytes], one of a cluster of `cluster_blocks`.
std::size_t shared_bytes(const CudaLoops& loops, int cluster_blocks);

/// Lets the kernel have clusters of that many blocks on this thread's device, where more than 8 are only for
/// those who ask, and their shared memory. False: the device has less. Throws Failure(kRunFailed).
bool allow_clusters(const CudaLoops& loops, int cluster_blocks);

/// How many blocks of the kernel this thread's device, which choose_device has opened, holds at once in
/// clusters of `cluster_blocks`. A cooperative launch takes no more. They can be fewer than without clusters,
/// as each lies within one part of the card. 0: it has none of that size, or runs code that was compiled for
/// less than compute capability 9.0, or has no room for what they keep. Throws Failure(kRunFailed).
int resident_in_clusters(const CudaLoops& loops, int cluster_blocks);

/// How many blocks of a cluster the engine takes: kClusterBlocks where all teams of the grid can be made of
/// clusters and the device holds them at once, else 1. Throws Failure(kRunFailed).
int choose_clusters(const CudaLoops& loops, const Sizes& sizes, const Grid& grid);

/// The attribute of a launch in clusters of `cluster_blocks`.
cudaLaunchAttributeValue cluster_dimension(int cluster_blocks);

}  // namespace ppo::cuda
