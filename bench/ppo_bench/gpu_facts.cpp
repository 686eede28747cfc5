#include "gpu_facts.hpp"

#include <string>

#include "bench/probes/probes.hpp"
#include "engine/cuda/cuda.hpp"

namespace ppo::bench {

namespace {

/// What the device, which is this thread's, has of each size of clusters.
Json clusters_json(const CudaDevice& device) {
  Json sizes = Json::array();
  for (const auto& [blocks, resident] : device.resident_in_clusters) {
    if (resident == 0) continue;
    sizes.push_back(
        {{"blocks", blocks}, {"resident_blocks", resident}, {"barrier_s", probes::cluster_barrier(blocks)}});
  }
  return sizes;
}

}  // namespace

Json gpu_facts(const EngineInfo& info) {
  const int index = std::stoi(info.device.substr(5));  // of "cuda:0"
  const CudaFacts facts = cuda_facts();
  const CudaDevice& device = facts.devices.at(static_cast<std::size_t>(index));
  probes::use_device(index);  // asking for all devices' facts may have opened another
  const probes::Clocks clocks = probes::clocks(index);
  return {{"name", device.name},
          {"compute_capability", std::to_string(device.major) + "." + std::to_string(device.minor)},
          {"multiprocessors", device.multiprocessors},
          {"resident_blocks", device.resident_blocks},
          {"clusters", clusters_json(device)},
          {"memory_bytes", device.memory},
          {"clock_hz", clocks.core},
          {"memory_clock_hz", clocks.memory},
          {"driver", facts.driver},
          {"runtime", facts.runtime}};
}

}  // namespace ppo::bench
