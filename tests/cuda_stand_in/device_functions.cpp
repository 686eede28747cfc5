// The runtime's functions about errors, devices and kernels.
#include <algorithm>
#include <cstdio>

#include "cuda_stand_in/state.hpp"

using ppo::stand_in::State;
using ppo::stand_in::state;

namespace {

/// This thread's device is one of them.
bool among(const std::vector<int>& devices) {
  return std::count(devices.begin(), devices.end(), state().device) > 0;
}

}  // namespace

extern "C" {

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaErrorMemoryAllocation:
      return "cudaErrorMemoryAllocation";
    case cudaErrorCooperativeLaunchTooLarge:
      return "cudaErrorCooperativeLaunchTooLarge";
    case cudaErrorInvalidClusterSize:
      return "cudaErrorInvalidClusterSize";
    case cudaErrorIllegalAddress:
      return "cudaErrorIllegalAddress";
    case cudaErrorLaunchTimeout:
      return "cudaErrorLaunchTimeout";
    default:
      return "cudaErrorOther";
  }
}

const char* cudaGetErrorString(cudaError_t) {
  return "what the runtime says of it";
}

cudaError_t cudaPeekAtLastError() {
  const State::Lock lock;
  return state().broken != cudaSuccess ? state().broken : state().latest_error;
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  state().latest_error = cudaSuccess;
  return error;
}

cudaError_t cudaDriverGetVersion(int* version) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *version = state().machine.driver;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  // The count stays as it was when there is nothing to count.
  if (state().machine.driver / 1000 < CUDART_VERSION / 1000)
    return state().refuse(cudaErrorInsufficientDriver);
  if (state().machine.devices == 0) return state().refuse(cudaErrorNoDevice);
  *count = state().machine.devices;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter("cudaGetDeviceProperties")) return error;
  const auto& machine = state().machine;
  if (device < 0 || device >= machine.devices) return state().refuse(cudaErrorInvalidDevice);
  *properties = {};
  std::snprintf(properties->name, sizeof properties->name, "%s", machine.name.c_str());
  properties->major = machine.major;
  properties->minor = machine.minor;
  properties->multiProcessorCount = machine.multiprocessors;
  properties->totalGlobalMem = machine.memory;
  properties->pciBusID = 0x65 + device;
  properties->uuid.bytes[0] = static_cast<char>(0x65 + device);
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr name, int device) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (device < 0 || device >= state().machine.devices) return state().refuse(cudaErrorInvalidDevice);
  const auto& machine = state().machine;
  const bool is_clock = name == cudaDevAttrClockRate;
  if (!is_clock && name != cudaDevAttrMaxSharedMemoryPerBlockOptin) {
    return state().refuse(cudaErrorNotSupported);
  }
  const bool is_small = std::ranges::count(machine.small_devices, device) > 0;
  *value = is_clock ? machine.clock_khz : is_small ? 48 << 10 : machine.shared_bytes;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (device < 0 || device >= state().machine.devices) return state().refuse(cudaErrorInvalidDevice);
  state().device = device;
  return cudaSuccess;
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void*) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (among(state().machine.devices_without_code)) return state().refuse(cudaErrorNoKernelImageForDevice);
  *attributes = {};
  attributes->ptxVersion = state().machine.ptx_version;
  return cudaSuccess;
}

cudaError_t cudaFuncSetAttribute(const void*, cudaFuncAttribute name, int value) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (name == cudaFuncAttributeNonPortableClusterSizeAllowed) {
    if (value != 0) state().large_clusters.insert(state().device);
    return cudaSuccess;
  }
  if (name != cudaFuncAttributeMaxDynamicSharedMemorySize) return state().refuse(cudaErrorNotSupported);
  if (value > state().machine.shared_bytes) return state().refuse(cudaErrorInvalidValue);
  state().most_shared_bytes[state().device] = static_cast<std::size_t>(value);
  return cudaSuccess;
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int, std::size_t bytes) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  const bool fits = bytes <= state().shared_limit() && !among(state().machine.devices_without_room);
  *blocks = fits ? state().machine.blocks_per_multiprocessor : 0;
  return cudaSuccess;
}

cudaError_t cudaOccupancyMaxActiveClusters(int* clusters, const void*, const cudaLaunchConfig_t* config) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter("cudaOccupancyMaxActiveClusters")) return error;
  const bool asks = config->numAttrs == 1 && config->attrs->id == cudaLaunchAttributeClusterDimension;
  if (!asks || config->dynamicSmemBytes > state().shared_limit())
    return state().refuse(cudaErrorInvalidValue);
  const auto& size = config->attrs->val.clusterDim;
  const unsigned blocks = size.x * size.y * size.z;
  const unsigned resident = state().resident_in_clusters(blocks);
  if (resident == 0 || config->gridDim.x % blocks != 0) return state().refuse(cudaErrorInvalidClusterSize);
  *clusters = static_cast<int>(resident / blocks);
  return cudaSuccess;
}

}  // extern "C"
