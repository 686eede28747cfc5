// On a GPU: teams of every size, against the fused multiply-adds that the whole card can do.
#include <algorithm>
#include <memory>

#include "bench/probes/probes.hpp"
#include "engine_timing.hpp"
#include "gpu_facts.hpp"
#include "measure.hpp"

namespace ppo::bench {
namespace {

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
  // Of the card, whatever the team: once.
  const double peak = probes::fma_peak(std::min(plan.seconds, 0.1));
  for (const auto& bench : benches) {
    result.rates.push_back(bench->rates);
    result.rates.back().peak = {peak};
  }
  return result;
}

}  // namespace ppo::bench
