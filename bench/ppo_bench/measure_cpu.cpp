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

double barrier_cost(Team& team) {
  constexpr int kMeetings = 5000;
  const Stopwatch watch;
  team.run([](const Worker& worker) {
    for (int meeting = 0; meeting < kMeetings; ++meeting) worker.wait();
  });
  return watch.seconds() / kMeetings;
}

}  // namespace

Result measure_cpu(const Plan& plan) {
  std::vector<std::unique_ptr<Bench>> benches;
  benches.push_back(std::make_unique<Bench>(plan.config, 1));
  if (plan.config.run.threads > 1) {
    benches.push_back(std::make_unique<Bench>(plan.config, plan.config.run.threads));
  }
  Result result{
      .device = "cpu", .level = benches.front()->engine->info().simd, .gpu = {}, .rates = {}, .barriers = {}};
  BarrierCost barrier{.workers = plan.config.run.threads, .seconds = {}};
  for (int round = 0; round < plan.rounds; ++round) {
    for (const auto& bench : benches) bench->measure_round(plan);
    barrier.seconds.push_back(barrier_cost(benches.back()->team));
  }
  for (const auto& bench : benches) result.rates.push_back(bench->rates);
  result.barriers.push_back(barrier);
  return result;
}

}  // namespace ppo::bench
