// What a build without CUDA answers when it is asked for a CUDA engine. Links src/engine/cuda/absent.cpp
// alone.
#include <cstdio>
#include <string>

#include "engine/cuda/cuda.hpp"
#include "system/pci.hpp"

namespace {
bool card = false;
}

bool ppo::has_nvidia_card(const std::filesystem::path&) {
  return card;
}

int main() {
  int wrong = ppo::has_cuda_kernel({}) ? 1 : 0;
  const std::string without = "device auto: this program was built without CUDA";
  const std::string way_on = "; use --device cpu, which gives the same result";
  for (const std::string more : {"", ", although this machine has an NVIDIA card"}) {
    card = !more.empty();
    for (const auto ask : {+[] { ppo::make_cuda_engine({}, {}, {}); }, +[] { ppo::first_cuda_device({}); }}) {
      try {
        ask();
        ++wrong;
      } catch (const ppo::NoCudaDevice& answer) {
        std::printf("%s\n", answer.what());
        if (answer.what() != without + more + way_on || answer.has_card != card) ++wrong;
      }
    }
  }
  return wrong == 0 ? 0 : 1;
}
