// A build without CUDA: the program's side of cuda.hpp, saying so.
#include "engine/cuda/cuda.hpp"

namespace ppo {

bool has_cuda_engine() {
  return false;
}

CudaFacts cuda_facts() {
  return {};
}

std::unique_ptr<Engine> make_cuda_engine(const Config& config, Instruments) {
  throw NoCudaDevice(config.run.device, "this build has no CUDA engine", false);
}

}  // namespace ppo
