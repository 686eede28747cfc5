// A build without CUDA: the program's side of cuda.hpp, saying so.
#include "engine/cuda/cuda.hpp"
#include "system/pci.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const Config& config) {
  const bool has_card = has_nvidia_card();
  throw NoCudaDevice(config.run.device,
                     std::string("this program was built without CUDA") +
                         (has_card ? ", although this machine has an NVIDIA card" : ""),
                     has_card);
}

}  // namespace

bool has_cuda_engine() {
  return false;
}

bool has_cuda_kernel(const Config&) {
  return false;
}

int cuda_device_count() {
  return 0;
}

CudaFacts cuda_facts() {
  return {};
}

CudaDevice first_cuda_device(const Config& config) {
  refuse(config);
}

std::unique_ptr<Engine> make_cuda_engine(const Config& config, const Population&, Instruments,
                                         std::unique_ptr<RankExchange>) {
  refuse(config);
}

}  // namespace ppo
