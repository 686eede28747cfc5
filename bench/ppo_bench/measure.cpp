#include "measure.hpp"

#include <algorithm>
#include <memory>

#include "cpu/team.hpp"
#include "engine.hpp"
#include "errors.hpp"
#include "peaks.hpp"
#include "stopwatch.hpp"

namespace ppo::bench {
namespace {

std::unique_ptr<Engine> warm_engine(const Config& config, int threads, Instruments instruments = {}) {
  Config own = config;
  own.run.threads = threads;
  std::unique_ptr<Engine> engine = make_engine(own, instruments);
  engine->run(1);
  return engine;
}

/// Runs updates for about that time, one at least; returns their number and time.
std::pair<std::int64_t, double> run_for(Engine& engine, double seconds) {
  std::int64_t updates = 0;
  const Stopwatch watch;
  do {
    engine.run(1);
    ++updates;
  } while (watch.seconds() < seconds);
  return {updates, watch.seconds()};
}

double steps_per_second(Engine& engine, const Config& config, double seconds) {
  const auto [updates, time] = run_for(engine, seconds);
  return static_cast<double>(updates * batch_size(config.hyper) * config.num_seeds) / time;
}

Profile profile_of_update(const Config& config, int threads, double seconds) {
  const auto engine = warm_engine(config, threads, {.profile = true});
  const Profile before = engine->profile();
  const auto updates = static_cast<double>(run_for(*engine, seconds).first * config.num_seeds);
  Profile profile = engine->profile();
  for (std::size_t stage = 0; stage < profile.size(); ++stage) {
    profile[stage].work = (profile[stage].work - before[stage].work) / updates;
    profile[stage].wait = (profile[stage].wait - before[stage].wait) / updates;
  }
  return profile;
}

double barrier_cost(Team& team) {
  constexpr int kMeetings = 20000;
  const Stopwatch watch;
  team.run([](const Worker& worker) {
    for (int meeting = 0; meeting < kMeetings; ++meeting) worker.wait();
  });
  return watch.seconds() / kMeetings;
}

/// sps of `config` and its ratio to `usual`, which runs before and after.
SweepPoint compare(Engine& usual, const Plan& plan, const Config& config, SweepPoint point) {
  try {
    if (batch_size(config.hyper) % config.hyper.num_minibatches != 0) {
      throw Failure(kWrongInput, "num_minibatches does not divide the batch");
    }
    const auto engine = warm_engine(config, plan.config.run.threads);
    const double before = steps_per_second(usual, plan.config, plan.seconds);
    point.sps = steps_per_second(*engine, config, plan.seconds);
    const double after = steps_per_second(usual, plan.config, plan.seconds);
    point.ratio = point.sps / ((before + after) / 2);
  } catch (const Failure& failure) {
    point.skipped = failure.what();
  }
  return point;
}

}  // namespace

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> ratios(const std::vector<double>& numerator, const std::vector<double>& denominator) {
  std::vector<double> result(numerator.size());
  std::transform(numerator.begin(), numerator.end(), denominator.begin(), result.begin(), std::divides<>());
  return result;
}

Result measure(const Plan& plan) {
  Result result;
  std::vector<std::unique_ptr<Engine>> engines;
  std::vector<std::unique_ptr<Team>> teams;
  engines.push_back(warm_engine(plan.config, 1));
  if (plan.config.run.threads > 1) engines.push_back(warm_engine(plan.config, plan.config.run.threads));
  for (const auto& engine : engines) {
    teams.push_back(std::make_unique<Team>(engine->info().threads));
    result.rates.push_back({.threads = engine->info().threads, .peak = {}, .sps = {}});
  }
  result.level = engines.front()->info().simd;

  for (int round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < engines.size(); ++i) {
      result.rates[i].peak.push_back(fma_peak(*teams[i], result.level, plan.seconds));
      result.rates[i].sps.push_back(steps_per_second(*engines[i], plan.config, plan.seconds));
    }
  }
  for (Rates& rates : result.rates) {
    rates.profile = profile_of_update(plan.config, rates.threads, 2 * plan.seconds);
  }
  for (std::size_t i = 0; i < teams.size(); ++i) {
    result.rates[i].cache = cache_rate(*teams[i], result.level, plan.seconds);
  }
  result.barrier = barrier_cost(*teams.back());
  return result;
}

std::vector<SweepPoint> sweep(const Plan& plan) {
  const auto usual = warm_engine(plan.config, plan.config.run.threads);
  std::vector<SweepPoint> points;
  for (const std::int32_t num_envs : {1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096, 16384, 65536}) {
    Config config = plan.config;
    config.hyper.num_envs = num_envs;
    points.push_back(compare(*usual, plan, config, {.key = "num_envs", .value = num_envs, .skipped = {}}));
  }
  for (const std::int64_t num_seeds : {1, 2, 3, 4, 8, 16, 32, 64, 128, 256}) {
    Config config = plan.config;
    config.num_seeds = num_seeds;
    points.push_back(compare(*usual, plan, config, {.key = "num_seeds", .value = num_seeds, .skipped = {}}));
  }
  return points;
}

}  // namespace ppo::bench
