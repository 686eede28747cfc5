#include "engine_timing.hpp"

#include <string>
#include <utility>
#include <vector>

#include "bench/probes/patience.hpp"
#include "measure.hpp"
#include "system/errors.hpp"
#include "system/stopwatch.hpp"

namespace ppo::bench {
namespace {

/// Runs updates for about that time, one at least, with as many queued as the engine takes; returns their
/// number and time.
std::pair<std::int64_t, double> run_for(Engine& engine, double seconds) {
  std::int64_t updates = 0;
  int queued = 0;
  const Stopwatch watch;
  do {
    for (; queued < engine.depth(); ++queued) {
      const std::int64_t batch = engine.batch();
      engine.start(batch);
      updates += batch;
    }
    engine.collect();
    --queued;
  } while (watch.seconds() < seconds);
  for (; queued > 0; --queued) engine.collect();
  return {updates, watch.seconds()};
}

/// sps of `config` and its ratio to `usual`, which runs before and after.
SweepPoint compare(Engine& usual, const Plan& plan, const Config& config, SweepPoint point) {
  try {
    if (batch_size(config.hyper) % config.hyper.num_minibatches != 0) {
      throw Failure(kWrongInput, "num_minibatches does not divide the batch");
    }
    const auto engine = warm_engine(config);
    const double before = steps_per_second(usual, plan.config, plan.seconds);
    point.sps = steps_per_second(*engine, config, plan.seconds);
    const double after = steps_per_second(usual, plan.config, plan.seconds);
    point.ratio = point.sps / ((before + after) / 2);
  } catch (const Failure& failure) {
    point.skipped = failure.what();
  }
  return point;
}

/// Of the key, on a device.
std::vector<std::int64_t> sizes(const std::string& key, bool on_cpu) {
  if (key == "num_seeds") {
    if (on_cpu) return {1, 2, 3, 4, 8, 16, 32, 64, 128, 256};
    return {1, 4, 16, 64, 132, 256, 1024, 4096};
  }
  if (on_cpu) return {1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096, 16384, 65536};
  return {64, 128, 256, 1024, 4096, 16384, 65536};
}

}  // namespace

std::unique_ptr<Engine> engine_to_measure(const Config& config, Instruments instruments) {
  instruments.patience = probes::kPatience;
  return make_engine(config, instruments);
}

std::unique_ptr<Engine> warm_engine(const Config& config, Instruments instruments) {
  std::unique_ptr<Engine> engine = engine_to_measure(config, instruments);
  engine->run(1);
  if (engine->depth() > 1) engine->run(1);  // after which the CUDA engine knows how many make a launch
  return engine;
}

double steps_per_second(Engine& engine, const Config& config, double seconds) {
  const auto [updates, time] = run_for(engine, seconds);
  return static_cast<double>(updates * batch_size(config.hyper) * config.num_seeds) / time;
}

Profiler::Profiler(const Config& config)
    : engine_(warm_engine(config, {.profile = true})),
      agents_(config.num_seeds),
      before_(engine_->profile()) {}

void Profiler::run_for(double seconds) {
  updates_ += bench::run_for(*engine_, seconds).first;
}

Profile Profiler::mean() const {
  Profile profile = engine_->profile();
  const auto count = static_cast<double>(updates_ * agents_);
  for (std::size_t stage = 0; stage < profile.size(); ++stage) {
    profile[stage].work = (profile[stage].work - before_[stage].work) / count;
    profile[stage].wait = (profile[stage].wait - before_[stage].wait) / count;
  }
  return profile;
}

std::vector<SweepPoint> sweep(const Plan& plan, const std::string& key) {
  const auto usual = warm_engine(plan.config);
  std::vector<SweepPoint> points;
  for (const std::int64_t value : sizes(key, plan.config.run.device == "cpu")) {
    Config config = plan.config;
    if (key == "num_envs") {
      config.hyper.num_envs = static_cast<std::int32_t>(value);
    } else {
      config.num_seeds = value;
    }
    points.push_back(compare(*usual, plan, config, {.key = key, .value = value, .skipped = {}}));
  }
  return points;
}

}  // namespace ppo::bench
