#include "gpu_facts.hpp"

#include <string>

#include "bench/probes/probes.hpp"
#include "engine/cuda/cuda.hpp"

namespace ppo::bench {

Json gpu_facts(const EngineInfo& info) {
  const int index = std::stoi(info.device.substr(5));  // of "cuda:0"
  const CudaFacts facts = cuda_facts();
  const CudaDevice& device = facts.devices.at(static_cast<std::size_t>(index));
  probes::use_device(index);  // asking for all devices' facts may have opened another
  const probes::Clocks clocks = probes::clocks(index);
  return {{"name", device.name},
          {"compute_capability", std::to_string(device.major) + "." + std::to_string(device.minor)},
          {"multiprocessors", device.multiprocessors},
          {"memory_bytes", device.memory},
          {"clock_hz", clocks.core},
          {"memory_clock_hz", clocks.memory},
          {"driver", facts.driver},
          {"runtime", facts.runtime}};
}

}  // namespace ppo::bench
