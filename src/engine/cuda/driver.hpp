// What the CUDA driver says of itself and of its devices, before one is opened.
#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "engine/cuda/cuda.hpp"

namespace ppo::cuda {

/// "13.0"
std::string version_text(int version);

/// The newest CUDA that the driver supports; 0: there is no driver.
int driver_version();

/// 0: unknown.
int runtime_version();

struct Devices {
  int count = 0;
  std::string problem = {};  // why there are none
  bool has_card = false;     // that cannot be used, as far as one can see
};

Devices find_devices();

/// Throws Failure(kRunFailed), as does the next.
int attribute(cudaDeviceAttr name, int device);

CudaDevice device_facts(int index);

}  // namespace ppo::cuda
