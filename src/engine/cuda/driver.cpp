#include "engine/cuda/driver.hpp"

#include <cstdio>

#include "engine/cuda/runtime.hpp"
#include "system/pci.hpp"

namespace ppo::cuda {
namespace {

Devices without_driver() {
  const std::string none = "no NVIDIA driver was found (libcuda.so.1), ";
  if (!has_nvidia_card()) return {.problem = none + "so there is no CUDA device"};
  return {.problem = none +
                     "although this machine has an NVIDIA card: install the driver, or if this is a "
                     "container, start it with access to the card",
          .has_card = true};
}

std::string pci_text(const cudaDeviceProp& properties) {
  char text[32];
  std::snprintf(text, sizeof text, "%08X:%02X:%02X.0", static_cast<unsigned>(properties.pciDomainID),
                static_cast<unsigned>(properties.pciBusID), static_cast<unsigned>(properties.pciDeviceID));
  return text;
}

/// As nvidia-smi -L names it: "GPU-" and five groups of hexadecimal digits.
std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text = "GPU";
  for (std::size_t i = 0; i < sizeof uuid.bytes; ++i) {
    char digits[4];
    const bool begins = i == 0 || i == 4 || i == 6 || i == 8 || i == 10;
    std::snprintf(digits, sizeof digits, begins ? "-%02x" : "%02x",
                  static_cast<unsigned char>(uuid.bytes[i]));
    text += digits;
  }
  return text;
}

}  // namespace

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

int driver_version() {
  int version = 0;
  return handled(cudaDriverGetVersion(&version)) == cudaSuccess ? version : 0;
}

int runtime_version() {
  int version = 0;
  return handled(cudaRuntimeGetVersion(&version)) == cudaSuccess ? version : 0;
}

Devices find_devices() {
  int count = 0;  // which an error leaves unwritten
  const cudaError_t result = handled(cudaGetDeviceCount(&count));
  const int driver = driver_version();
  if (result == cudaSuccess && count > 0) return {.count = count};
  if (driver == 0) return without_driver();
  if (result == cudaErrorInsufficientDriver) {
    return {.problem = "the NVIDIA driver supports CUDA " + version_text(driver) +
                       ", which is older than this program's CUDA " + version_text(runtime_version()),
            .has_card = true};
  }
  if (result == cudaSuccess || result == cudaErrorNoDevice) {
    return {.problem = "the NVIDIA driver (CUDA " + version_text(driver) +
                       ") shows no device; see nvidia-smi and the environment variable CUDA_VISIBLE_DEVICES"};
  }
  return {.problem = "the NVIDIA driver (CUDA " + version_text(driver) +
                     ") cannot say which devices there are, cudaGetDeviceCount: " + describe(result),
          .has_card = true};
}

int attribute(cudaDeviceAttr name, int device) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, name, device), "cudaDeviceGetAttribute");
  return value;
}

CudaDevice device_facts(int index) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, index), "cudaGetDeviceProperties");
  return {.index = index,
          .name = properties.name,
          .pci = pci_text(properties),
          .uuid = uuid_text(properties.uuid),
          .major = properties.major,
          .minor = properties.minor,
          .multiprocessors = properties.multiProcessorCount,
          .ghz = attribute(cudaDevAttrClockRate, index) * 1e-6,
          .memory = properties.totalGlobalMem,
          .resident_blocks = 0,
          .resident_in_clusters = {},
          .problem = {}};
}

}  // namespace ppo::cuda
