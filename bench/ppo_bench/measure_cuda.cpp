// On a GPU: teams of every size, against the fused multiply-adds that the whole card can do.
#include <algorithm>
#include <memory>
#include <string>

#include "bench/probes/probes.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine_timing.hpp"
#include "measure.hpp"

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

/// Of the device "cuda:0".
Json gpu_facts(const EngineInfo& info) {
  const int index = std::stoi(info.device.substr(5));
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

/// 1, 2, 4, ... and `most` itself.
std::vector<int> powers_of_two(int first, int most) {
  std::vector<int> sizes;
  for (int size = first; size < most; size *= 2) sizes.push_back(size);
  if (most >= first) sizes.push_back(most);
  return sizes;
}

Config with_blocks(Config config, int blocks) {
  config.run.blocks_per_agent = blocks;
  return config;
}

/// All that is measured of one team size.
struct Bench {
  Bench(const Config& config, int blocks)
      : engine(warm_engine(with_blocks(config, blocks))), profiler(with_blocks(config, blocks)) {
    rates.workers = blocks;
  }

  void measure_round(const Plan& plan) {
    rates.peak.push_back(probes::fma_peak(std::min(plan.seconds, 0.1)));
    rates.sps.push_back(steps_per_second(*engine, plan.config, plan.seconds));
    profiler.run_for(plan.seconds / 2);
    rates.profile = profiler.mean();
  }

  std::unique_ptr<Engine> engine;
  Profiler profiler;
  Rates rates;
};

}  // namespace

Result measure_cuda(const Plan& plan) {
  // What the engine itself would choose, unless the user has named a number, is the most that helps.
  const EngineInfo info = warm_engine(plan.config)->info();
  Result result{.device = info.device, .level = {}, .gpu = gpu_facts(info), .rates = {}, .barriers = {}};
  std::vector<std::unique_ptr<Bench>> benches;
  for (const int blocks : powers_of_two(1, info.blocks_per_agent)) {
    benches.push_back(std::make_unique<Bench>(plan.config, blocks));
  }
  for (const int blocks : powers_of_two(2, probes::largest_team())) {
    result.barriers.push_back({.workers = blocks, .seconds = {}});
  }
  for (int round = 0; round < plan.rounds; ++round) {
    for (const auto& bench : benches) bench->measure_round(plan);
    for (BarrierCost& barrier : result.barriers) barrier.seconds.push_back(probes::barrier(barrier.workers));
  }
  for (const auto& bench : benches) result.rates.push_back(bench->rates);
  return result;
}

}  // namespace ppo::bench
