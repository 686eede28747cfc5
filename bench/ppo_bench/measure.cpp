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

/// Times the stages over several calls.
class Profiler {
 public:
  Profiler(const Config& config, int threads)
      : engine_(warm_engine(config, threads, {.profile = true})),
        agents_(config.num_seeds),
        before_(engine_->profile()) {}

  void run_for(double seconds) { updates_ += bench::run_for(*engine_, seconds).first; }

  /// [s] an update of one agent.
  Profile mean() const {
    Profile profile = engine_->profile();
    const auto count = static_cast<double>(updates_ * agents_);
    for (std::size_t stage = 0; stage < profile.size(); ++stage) {
      profile[stage].work = (profile[stage].work - before_[stage].work) / count;
      profile[stage].wait = (profile[stage].wait - before_[stage].wait) / count;
    }
    return profile;
  }

 private:
  std::unique_ptr<Engine> engine_;
  std::int64_t agents_;
  Profile before_;
  std::int64_t updates_ = 0;
};

/// All that is measured of one team size.
struct Bench {
  Bench(const Config& config, int threads)
      : engine(warm_engine(config, threads)), profiler(config, threads), team(threads) {
    rates.threads = threads;
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
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> ratios(const std::vector<double>& numerator, const std::vector<double>& denominator) {
  std::vector<double> result(numerator.size());
  std::transform(numerator.begin(), numerator.end(), denominator.begin(), result.begin(), std::divides<>());
  return result;
}

Result measure(const Plan& plan) {
  std::vector<std::unique_ptr<Bench>> benches;
  benches.push_back(std::make_unique<Bench>(plan.config, 1));
  if (plan.config.run.threads > 1) {
    benches.push_back(std::make_unique<Bench>(plan.config, plan.config.run.threads));
  }
  Result result{.level = benches.front()->engine->info().simd, .rates = {}, .barrier = {}};
  for (int round = 0; round < plan.rounds; ++round) {
    for (const auto& bench : benches) bench->measure_round(plan);
    result.barrier.push_back(barrier_cost(benches.back()->team));
  }
  for (const auto& bench : benches) result.rates.push_back(bench->rates);
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
