// When agents are evaluated, which policies are kept, and which agents are done.
#include "training/evaluations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/cpu/cpu_engine.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"
#include "training/loop.hpp"
#include "training/recorder.hpp"
#include "unit/run/small_checkpoints.hpp"

namespace ppo::test {
namespace {

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
  }
  void evaluated(std::span<const EvalRecord> agents) override {
    evaluations.insert(evaluations.end(), agents.begin(), agents.end());
  }

  std::vector<std::vector<std::int64_t>> updates;  // the agents that trained
  std::vector<EvalRecord> evaluations;
};

/// A run of 20 updates that has come to its end, without a folder.
struct EvaluatedRun {
  explicit EvaluatedRun(Config config_, EngineInfo info = {"cpu", "scalar", 2})
      : config(std::move(config_)),
        engine(*find_environment(config.env)->portable, config.hyper, config.num_seeds, {"cpu", "test", 1},
               {}),
        outcome(no_outcome_yet(config)),
        recorder(config, outcome, {&seen}),
        evaluations(config, info, outcome, {&seen}, nullptr) {
    std::vector<Pause*> pauses = {&evaluations};
    train_all(engine, 0, num_updates(config.hyper), recorder, pauses);
    evaluations.settle();
    if (outcome.updates == num_updates(config.hyper)) evaluations.take_last(engine);
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
  CpuEngine engine;
  Outcome outcome;
  Collected seen;
  Recorder recorder;
  Evaluations evaluations;
};

Config config_of(EvaluationPlan plan, std::int64_t agents = 2) {
  Config config = small_config(agents);
  config.hyper.total_timesteps = 24 * 20;
  config.evaluation = std::move(plan);
  return config;
}

TEST(Evaluations, ComeEverySoManyUpdatesAndAtTheEnd) {
  EXPECT_EQ(EvaluatedRun(config_of({.eval_every = 8, .eval_episodes = 3})).places(),
            "8:0 8:1 16:0 16:1 20:0 20:1 ");
  EXPECT_EQ(EvaluatedRun(config_of({.eval_every = 10, .eval_episodes = 3})).places(), "10:0 10:1 20:0 20:1 ");
  EXPECT_EQ(EvaluatedRun(config_of({.eval_every = INT64_MAX, .eval_episodes = 3}, 1)).places(), "20:0 ");
}

TEST(Evaluations, LeaveTheLatestScoreOfEachAgent) {
  const EvaluatedRun run(config_of({.eval_every = 8, .eval_episodes = 3}));
  for (const EvalRecord& record : run.seen.evaluations) {
    if (record.update != 20) continue;
    const std::optional<EvalScore>& latest = run.outcome.latest[static_cast<std::size_t>(record.agent)];
    ASSERT_TRUE(latest);
    EXPECT_EQ(latest->update, 20);
    EXPECT_EQ(latest->return_mean, record.episodes.mean);
    EXPECT_EQ(latest->return_std, record.episodes.std);
  }
}

TEST(Evaluations, AreNoPartOfTraining) {
  const Config config = config_of({.eval_every = 3, .eval_episodes = 3});
  const EvaluatedRun run(config);
  CpuEngine alone = engine_for(config);
  alone.run(20);
  for (const std::int64_t k : {0, 1}) {
    EXPECT_EQ(param_hash(run.engine.params(k)), param_hash(alone.params(k)));
  }
  EXPECT_EQ(run.outcome.steps, 2 * 20 * 24);
}

TEST(Evaluations, PlayTheEpisodesThatEvalPlaysWithTheirSeed) {
  for (const bool greedy : {false, true}) {
    const EvaluatedRun run(config_of({.eval_every = 20, .eval_episodes = 5, .eval_greedy = greedy}));
    for (const EvalRecord& record : run.seen.evaluations) {
      std::vector<TrainedPolicy> policy = {run.engine.policy(run.config.hyper, record.agent)};
      Evaluator evaluator(*find_environment("cartpole")->portable, run.config.hyper, 1);
      const auto episodes =
          evaluator.play(policy, {.seed = 1, .episodes = 5, .max_steps = 6, .greedy = greedy});
      const EpisodeStatistics wanted = summarise(episodes.front());
      EXPECT_EQ(record.episodes.mean, wanted.mean);
      EXPECT_EQ(record.episodes.std, wanted.std);
      EXPECT_EQ(record.episodes.capped, wanted.capped);
    }
  }
}

TEST(Evaluations, BesideTheGpuHaveTheSameResults) {
  const Config config = config_of({.eval_every = 3, .eval_episodes = 3});
  const EvaluatedRun cpu(config);
  const EvaluatedRun gpu(config, {.device = "cuda:0", .gpu = "a card"});
  EXPECT_EQ(gpu.places(), cpu.places());
  for (std::size_t i = 0; i < cpu.seen.evaluations.size(); ++i) {
    EXPECT_EQ(gpu.seen.evaluations[i].episodes.mean, cpu.seen.evaluations[i].episodes.mean);
  }
  EXPECT_EQ(best_policy_file(config, gpu.outcome.best), best_policy_file(config, cpu.outcome.best));
  EXPECT_EQ(gpu.outcome.evaluated_at, 20);
}

TEST(Evaluations, KeepTheBestPolicy) {
  // Ten steps an episode and sampled actions: means differ.
  Config config = config_of({.eval_every = 1, .eval_episodes = 4, .eval_greedy = false});
  config.hyper.max_episode_steps = 60;
  const EvaluatedRun run(config);
  for (const std::size_t k : {0U, 1U}) {
    const EvalRecord* wanted = nullptr;
    for (const EvalRecord& record : run.seen.evaluations) {
      if (record.agent != static_cast<std::int64_t>(k)) continue;
      const bool is_higher =
          wanted == nullptr || record.episodes.mean > wanted->episodes.mean ||
          (record.episodes.mean == wanted->episodes.mean && record.episodes.std < wanted->episodes.std);
      if (is_higher) wanted = &record;
    }
    const auto& [score, policy] = *run.outcome.best[k];
    EXPECT_EQ(score.update, wanted->update);
    EXPECT_EQ(score.return_mean, wanted->episodes.mean);
    CpuEngine alone = engine_for(config);
    alone.run(score.update);
    EXPECT_EQ(param_hash(policy.params), param_hash(alone.params(static_cast<std::int64_t>(k))));
  }
}

/// Agents stop at different updates, each as it does alone.
void expect_as_alone(const Config& config) {
  const EvaluatedRun all(config);
  std::set<std::optional<std::int64_t>> ends;
  for (std::size_t k = 0; k < all.outcome.agents.size(); ++k) {
    SCOPED_TRACE(k);
    Config config_alone = config;
    config_alone.hyper.seed += k;
    config_alone.num_seeds = 1;
    const EvaluatedRun alone(config_alone);
    ends.insert(alone.stopped_at(0));
    EXPECT_EQ(all.stopped_at(k), alone.stopped_at(0));
    EXPECT_EQ(alone.outcome.updates, alone.stopped_at(0).value_or(20));
    EXPECT_EQ(alone.outcome.steps, batch_size(config.hyper) * alone.outcome.updates);
    EXPECT_EQ(param_hash(all.engine.params(static_cast<std::int64_t>(k))),
              param_hash(alone.engine.params(0)));
    EXPECT_EQ(all.engine.save(static_cast<std::int64_t>(k)).update, alone.outcome.updates);
    std::int64_t trained = 0;
    for (const auto& agents : all.seen.updates) {
      trained += std::count(agents.begin(), agents.end(), static_cast<std::int64_t>(k));
    }
    EXPECT_EQ(trained, alone.outcome.updates);
    std::vector<std::pair<std::int64_t, double>> of_all, of_alone;
    for (const EvalRecord& record : all.seen.evaluations) {
      if (record.agent == static_cast<std::int64_t>(k))
        of_all.emplace_back(record.update, record.episodes.mean);
    }
    for (const EvalRecord& record : alone.seen.evaluations) {
      of_alone.emplace_back(record.update, record.episodes.mean);
    }
    EXPECT_EQ(of_all, of_alone);
    if (config.evaluation.evaluates()) {
      EXPECT_EQ(of_alone.back().first, alone.outcome.updates);  // also of its last policy
    }
  }
  EXPECT_GT(ends.size(), 2U);  // or nothing is tested
}

TEST(Evaluations, LetEachAgentStopWhereItWouldAlone) {
  Config config =
      config_of({.eval_every = 2, .eval_episodes = 4, .eval_greedy = false, .stop_at_return = 16}, 5);
  config.hyper.max_episode_steps = 60;
  expect_as_alone(config);
}

TEST(Evaluations, LetEachAgentStopAtItsReturnInTraining) {
  for (const std::int64_t every : {0, 8}) {
    Config config = config_of(
        {.eval_every = every, .eval_episodes = 2, .stop_at_return = 20.5F, .stop_on = "return_100"}, 5);
    config.hyper.num_envs = 24;
    config.hyper.total_timesteps = 24 * 8 * 20;
    config.hyper.max_episode_steps = 60;
    expect_as_alone(config);
  }
}

TEST(Evaluations, DoNotLetAgentsStopThatReachItAtAnEndOnly) {
  const EvaluatedRun run(config_of({.eval_every = 15, .eval_episodes = 2, .stop_at_return = 100}, 1));
  EXPECT_EQ(run.stopped_at(0), std::nullopt);
  // Had it gone on after 20 updates, it would not have been evaluated there.
  const double last = run.seen.evaluations.back().episodes.mean;
  const EvaluatedRun again(
      config_of({.eval_every = 21, .eval_episodes = 2, .stop_at_return = static_cast<float>(last)}, 1));
  EXPECT_EQ(again.seen.evaluations.back().episodes.mean, last);
  EXPECT_EQ(again.stopped_at(0), std::nullopt);
  const EvaluatedRun regular(
      config_of({.eval_every = 20, .eval_episodes = 2, .stop_at_return = static_cast<float>(last)}, 1));
  EXPECT_EQ(regular.stopped_at(0), 20);
}

}  // namespace
}  // namespace ppo::test
