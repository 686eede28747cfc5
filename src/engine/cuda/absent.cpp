// A build without CUDA: the program's side of cuda.hpp, saying so.
#include "engine/cuda/cuda.hpp"
#include "system/pci.hpp"

namespace ppo {

bool has_cuda_engine() {
  return false;
}

CudaFacts cuda_facts() {
  return {};
}

std::unique_ptr<Engine> make_cuda_engine(const Config& config, Instruments) {
  const bool has_card = has_nvidia_card();
  throw NoCudaDevice(config.run.device,
                     std::string("this program was built without CUDA") +
                         (has_card ? ", although this machine has an NVIDIA card" : ""),
                     has_card);
}

}  // namespace ppo
