// RAII owners and exceptions for the CUDA runtime.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>
#include <string>

#include "kernels/launch.hpp"

namespace ppo::cuda {

/// "an illegal memory access was encountered (cudaErrorIllegalAddress)"
std::string describe(cudaError_t error);

/// Returns `result` for a caller that handles it, and clears the runtime's error of this thread. Otherwise a
/// check after a later launch would report the old error as the launch's.
cudaError_t handled(cudaError_t result);

/// Throws Failure(kRunFailed) unless the call succeeded. The message names the call, the cause and a remedy.
void check(cudaError_t result, const char* call);

/// The same for a call that waits for the training kernel, whose failure it reports.
void check_kernel(cudaError_t result, const char* call);

/// Releases a resource of the runtime. Errors are ignored: after a device fault every call fails.
template <auto give_back>
struct GiveBack {
  template <class T>
  void operator()(T* thing) const {
    static_cast<void>(handled(give_back(thing)));
  }
};

using DeviceMemory = std::unique_ptr<std::byte, GiveBack<cudaFree>>;  // not accessible from the host
using PinnedMemory = std::unique_ptr<std::byte, GiveBack<cudaFreeHost>>;
using Stream = std::unique_ptr<CUstream_st, GiveBack<cudaStreamDestroy>>;
using Event = std::unique_ptr<CUevent_st, GiveBack<cudaEventDestroy>>;
using Graph = std::unique_ptr<CUgraph_st, GiveBack<cudaGraphDestroy>>;
using GraphExec = std::unique_ptr<CUgraphExec_st, GiveBack<cudaGraphExecDestroy>>;

/// Allocates `count` objects of `bytes` each, aligned to 256. Throws Failure(kRunFailed), naming the bytes
/// requested and the bytes free.
DeviceMemory allocate_device(std::size_t count, std::size_t bytes);

/// Page-locked host memory, for direct copies. Throws Failure(kRunFailed), naming the bytes.
PinnedMemory allocate_pinned(std::size_t bytes);

/// Ordered with copies and clears on the default stream.
Stream make_stream();

/// Ordered with nothing: a kernel that waits for others holds up no copy of theirs.
Stream make_lone_stream();

/// A waiting thread sleeps (blocking sync).
Event make_event();

}  // namespace ppo::cuda
