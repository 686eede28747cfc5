#include <memory>

#include "engine/cpu/team.hpp"
#include "engine_timing.hpp"
#include "measure.hpp"
#include "peaks.hpp"
#include "system/stopwatch.hpp"

namespace ppo::bench {
namespace {

Config with_threads(Config config, int threads) {
  config.run.threads = threads;
  return config;
}

/// All that is measured of one team size.
struct Bench {
  Bench(const Config& config, int threads)
      : engine(warm_engine(with_threads(config, threads))),
        profiler(with_threads(config, threads)),
        team(threads) {
    rates.workers = threads;
  }

  void measure_round(const Plan& plan) {
    const std::string& level = engine->info().simd;
    rates.peak.push_back(fma_peak(team, level, plan.seconds));
    rates.sps.push_back(steps_per_second(*engine, plan.config, plan.seconds));
    rates.cache.push_back(cache_rate(team, level, plan.seconds / 4));
    profiler.run_for(plan.seconds / 2);
    rates.profile = profiler.mean();
  }

  std::unique_ptr<Engine> engine;
  Profiler profiler;
  Team team;
  Rates rates;
};

}  // namespace

double barrier_cost(Team& team) {
  constexpr int kMeetings = 5000;
  const Stopwatch watch;
  team.run([](const Worker& worker) {
    for (int meeting = 0; meeting < kMeetings; ++meeting) worker.wait();
  });
  return watch.seconds() / kMeetings;
}

Result measure_cpu(const Plan& plan) {
  std::vector<std::unique_ptr<Bench>> benches;
  for (const int threads : plan.threads) benches.push_back(std::make_unique<Bench>(plan.config, threads));
  Result result{
      .device = "cpu", .level = benches.front()->engine->info().simd, .gpu = {}, .rates = {}, .barriers = {}};
  for (const int threads : plan.threads) result.barriers.push_back({.workers = threads, .seconds = {}});
  for (int round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < benches.size(); ++i) {
      benches[i]->measure_round(plan);
      result.barriers[i].seconds.push_back(barrier_cost(benches[i]->team));
    }
  }
  for (const auto& bench : benches) result.rates.push_back(bench->rates);
  return result;
}

}  // namespace ppo::bench
