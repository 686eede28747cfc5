// The CUDA runtime with owners for what it hands out and exceptions for what it refuses.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>
#include <string>

#include "kernels/launch.hpp"

namespace ppo::cuda {

/// "an illegal memory access was encountered (cudaErrorIllegalAddress)"
std::string describe(cudaError_t error);

/// `result`, for a caller that deals with it: the runtime keeps this thread's latest error until it is asked
/// for it, and whoever asks after a launch would take an old one for the launch's.
cudaError_t handled(cudaError_t result);

/// Throws Failure(kRunFailed) unless the call succeeded. It names the call, the cause and what to do.
void check(cudaError_t result, const char* call);

/// The same for a call that waits for the training kernel: a failure is then the kernel's.
void check_kernel(cudaError_t result, const char* call);

/// Gives a thing of the runtime back. That this may fail, after a device fault all does, helps nobody.
template <auto give_back>
struct GiveBack {
  template <class T>
  void operator()(T* thing) const {
    static_cast<void>(handled(give_back(thing)));
  }
};

using DeviceMemory = std::unique_ptr<std::byte, GiveBack<cudaFree>>;  // nothing that the host may look at
using PinnedMemory = std::unique_ptr<std::byte, GiveBack<cudaFreeHost>>;
using Stream = std::unique_ptr<CUstream_st, GiveBack<cudaStreamDestroy>>;
using Event = std::unique_ptr<CUevent_st, GiveBack<cudaEventDestroy>>;
using Graph = std::unique_ptr<CUgraph_st, GiveBack<cudaGraphDestroy>>;
using GraphExec = std::unique_ptr<CUgraphExec_st, GiveBack<cudaGraphExecDestroy>>;

/// `count` things of `bytes` each, aligned to 256. Throws Failure(kRunFailed) with the bytes asked for and
/// those free.
DeviceMemory allocate_device(std::size_t count, std::size_t bytes);

/// Host memory that copies reach without a detour.
PinnedMemory allocate_pinned(std::size_t bytes);

/// In order with copies and clears that name no stream.
Stream make_stream();

/// Who waits for it sleeps.
Event make_event();

}  // namespace ppo::cuda
