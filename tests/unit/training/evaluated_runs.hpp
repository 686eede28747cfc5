// What the tests of evaluations share: small runs that are evaluated, and what is seen of them.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cpu/cpu_engine.hpp"
#include "system/stop_signals.hpp"
#include "training/evaluations.hpp"
#include "training/loop.hpp"
#include "training/recorder.hpp"
#include "unit/run/small_checkpoints.hpp"

namespace ppo::test {

/// Keeps all evaluations and the number of records of each update.
class Collected : public MetricsSink {
 public:
  void update(std::span<const Record> agents, const Timing&) override {
    std::vector<std::int64_t> trained;
    for (const Record& record : agents) {
      EXPECT_EQ(record.row.update, static_cast<std::int64_t>(updates.size()));
      trained.push_back(record.agent);
    }
    updates.push_back(trained);
    if (updates.size() == interrupted_at) std::raise(SIGINT);
  }
  void evaluated(std::span<const EvalRecord> agents) override {
    evaluations.insert(evaluations.end(), agents.begin(), agents.end());
  }

  std::size_t interrupted_at = 0;                  // after so many updates; 0: not
  std::vector<std::vector<std::int64_t>> updates;  // the agents that trained
  std::vector<EvalRecord> evaluations;
};

/// A run of 20 updates that has come to its end, or to where it is interrupted, without a folder.
struct EvaluatedRun {
  explicit EvaluatedRun(Config config_, EngineInfo info_ = {"cpu", "auto", 2}, std::size_t interrupted_at = 0)
      : config(std::move(config_)),
        info(std::move(info_)),
        engine(engine_for(config)),
        outcome(no_outcome_yet(config)),
        recorder(config, outcome, {&seen}) {
    seen.interrupted_at = interrupted_at;
    go_on();
  }

  /// As a run does that is resumed where it was interrupted.
  void go_on() {
    const StopSignals signals;  // none yet
    std::vector<Pause*> pauses = {
        &evaluations.emplace(config, info, outcome, std::vector<MetricsSink*>{&seen}, nullptr)};
    train_all(engine, outcome.updates, num_updates(config.hyper), recorder, pauses);
    evaluations->settle();
    if (outcome.updates == num_updates(config.hyper)) evaluations->take_last(engine);
    was_interrupted = StopSignals::received() != 0;
  }

  std::string places() const {
    std::string text;
    for (const EvalRecord& record : seen.evaluations) {
      EXPECT_EQ(record.steps, batch_size(config.hyper) * record.update);
      text += std::to_string(record.update) + ':' + std::to_string(record.agent) + ' ';
    }
    return text;
  }

  std::optional<std::int64_t> stopped_at(std::size_t k) const { return outcome.agents[k].stopped_at(); }

  Config config;
  EngineInfo info;
  CpuEngine engine;
  Outcome outcome;
  Collected seen;
  Recorder recorder;
  std::optional<Evaluations> evaluations;
  bool was_interrupted = false;
};

inline Config config_of(EvaluationPlan plan, std::int64_t agents = 2) {
  Config config = small_config(agents);
  config.hyper.total_timesteps = 24 * 20;
  config.evaluation = std::move(plan);
  return config;
}

inline const EngineInfo kGpu = {.device = "cuda:0", .gpu = "a card"};

/// Agents stop at different updates, by what their evaluations say.
inline Config stopping_in_evaluations() {
  Config config =
      config_of({.eval_every = 2, .eval_episodes = 4, .eval_greedy = false, .stop_at_return = 16}, 5);
  config.hyper.max_episode_steps = 60;
  return config;
}

/// The same, by what their training episodes say.
inline Config stopping_in_training(std::int64_t eval_every) {
  Config config = config_of(
      {.eval_every = eval_every, .eval_episodes = 2, .stop_at_return = 20.5F, .stop_on = "return_100"}, 5);
  config.hyper.num_envs = 24;
  config.hyper.total_timesteps = 24 * 8 * 20;
  config.hyper.max_episode_steps = 60;
  return config;
}

}  // namespace ppo::test
