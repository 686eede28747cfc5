// Checkpoints: what is saved comes back to the bit, and is all that later updates need.
#include <gtest/gtest.h>

#include <limits>

#include "config/toml_writer.hpp"
#include "run/policy.hpp"
#include "unit/engine/engine_runs.hpp"
#include "unit/run/small_checkpoints.hpp"

namespace ppo::test {
namespace {

void expect_same(const std::optional<BestPolicy>& got, const std::optional<BestPolicy>& wanted) {
  ASSERT_EQ(got.has_value(), wanted.has_value());
  if (!got) return;
  EXPECT_EQ(got->score.update, wanted->score.update);
  EXPECT_EQ(got->score.return_mean, wanted->score.return_mean);
  EXPECT_EQ(got->score.return_std, wanted->score.return_std);
  EXPECT_TRUE(testing::same_bytes(got->policy.params, wanted->policy.params));
  EXPECT_TRUE(testing::same_bytes(got->policy.moments, wanted->policy.moments));
}

void expect_back(const Config& config, std::int64_t updates) {
  CpuEngine engine = engine_for(config);
  Outcome outcome = no_outcome_yet(config);
  if (updates > 0) train(engine, config, outcome, updates);
  if (config.evaluation.evaluates()) {
    outcome.evaluated_at = updates;
    outcome.best.back() = BestPolicy{{updates, 0.1, 1.0 / 3}, engine.policy(config.num_seeds - 1)};
  }
  if (config.evaluation.stops()) outcome.agents.back().stop(updates);
  const Checkpoint back(seal(copy_state(config, engine, outcome)), "file");
  EXPECT_EQ(to_toml(back.config()), to_toml(config));
  EXPECT_EQ(back.update(), updates);
  EXPECT_EQ(back.wall_s(), outcome.wall_s);
  const std::vector<AgentProgress::Memory> progress = back.progress();
  ASSERT_EQ(progress.size(), static_cast<std::size_t>(config.num_seeds));
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    testing::expect_same(back.agent(k), engine.save(k));
    const AgentProgress::Memory memory = outcome.agents[static_cast<std::size_t>(k)].memory();
    const AgentProgress::Memory& remembered = progress[static_cast<std::size_t>(k)];
    EXPECT_TRUE(testing::same_bytes(remembered.window, memory.window));
    EXPECT_EQ(remembered.solved_at_step, memory.solved_at_step);
    EXPECT_EQ(remembered.stopped_at, memory.stopped_at);
    EXPECT_EQ(memory.window.empty(), updates == 0);
    expect_same(back.best()[static_cast<std::size_t>(k)], outcome.best[static_cast<std::size_t>(k)]);
  }
  EXPECT_EQ(back.evaluated_at(), outcome.evaluated_at);
}

TEST(Checkpoint, GivesBackAllThatItWasGiven) {
  for (const std::int64_t agents : {1, 3}) {
    for (const std::int64_t updates : {0, 1, 40}) expect_back(small_config(agents), updates);
  }
}

TEST(Checkpoint, GivesBackTheStateOfEveryKindOfRun) {
  for (const Config& config : configs_of_every_kind(2)) {
    SCOPED_TRACE(to_toml(config));
    expect_back(config, 3);
  }
}

TEST(Checkpoint, GivesBackWhereAnAgentWasDone) {
  Config config = small_config(2);
  config.evaluation.stop_at_return = 1;
  config.evaluation.stop_on = "return_100";
  CpuEngine engine = engine_for(config);
  Outcome outcome = no_outcome_yet(config);
  train(engine, config, outcome, 3);
  outcome.agents[1].stop(3);
  engine.retire(1);
  train(engine, config, outcome, 2);
  const Checkpoint back(seal(copy_state(config, engine, outcome)), "file");
  for (const std::int64_t k : {0, 1}) testing::expect_same(back.agent(k), engine.save(k));
  EXPECT_EQ(back.agent(1).update, 3);
  EXPECT_EQ(back.progress()[0].stopped_at, std::nullopt);
  EXPECT_EQ(back.progress()[1].stopped_at, 3);
}

TEST(Checkpoint, IsAllThatEveryKindOfRunNeedsToGoOn) {
  for (const Config& config : configs_of_every_kind(2)) {
    SCOPED_TRACE(to_toml(config));
    const Checkpoint middle(checkpoint_of(config, 3), "file");
    CpuEngine engine = engine_for(config);
    Outcome outcome = no_outcome_yet(config);
    for (std::size_t k = 0; k < 2; ++k) {
      engine.load(static_cast<std::int64_t>(k), middle.agent(static_cast<std::int64_t>(k)));
      outcome.agents[k].remember(middle.progress()[k]);
    }
    outcome.updates = 3;
    train(engine, config, outcome, 2);
    EXPECT_EQ(seal(copy_state(config, engine, outcome)), checkpoint_of(config, 5));
  }
}

TEST(Checkpoint, HasTheSameBytesFromEveryEngine) {
  const Config config = small_config(3);
  EXPECT_EQ(checkpoint_of(config, 5), checkpoint_of(config, 5, 4));
  EXPECT_NE(checkpoint_of(config, 5), checkpoint_of(config, 6));
}

/// What the policies of all agents hold.
std::size_t memory_of_policies(const Config& config, const Engine& engine) {
  std::size_t bytes = 0;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    const TrainedPolicy policy = engine.policy(k);
    bytes += std::span(policy.params).size_bytes() + std::span(policy.moments).size_bytes();
  }
  return bytes;
}

TEST(Checkpoint, TakesNoMoreMemoryThanItIsSaidTo) {
  for (const std::int64_t agents : {1, 3}) {
    for (const Config& config : configs_of_every_kind(agents)) {
      const std::size_t checkpoint = checkpoint_of(config, 4).size();
      const CpuEngine engine = engine_for(config);
      const auto policy_of = [&](std::int64_t k) {
        const AgentState state = engine.save(k);
        return TrainedPolicy{config.hyper, state.params, state.moments};
      };
      const std::size_t policy = policy_file(config, policy_of).size();
      EXPECT_GE(keeping_bytes(config), checkpoint + policy);
      const std::size_t policies = memory_of_policies(config, engine);
      if (config.evaluation.evaluates()) {
        EXPECT_EQ(evaluating_bytes(config), 2 * policies);  // those that play, and the best ones
        EXPECT_GE(keeping_bytes(config), checkpoint + 5 * policies);
      } else {
        EXPECT_EQ(evaluating_bytes(config), 0U);
      }
      const double most = config.evaluation.evaluates() ? 3.5 : 2.5;
      EXPECT_LE(keeping_bytes(config), most * static_cast<double>(checkpoint));
    }
  }
}

TEST(AgentProgress, RemembersAllThatLaterUpdatesNeed) {
  Config config = small_config();
  config.hyper.max_episode_steps = 500;
  const auto row = [](std::int64_t update) {
    UpdateRow result;
    result.update = update;
    result.episodes = update % 4 == 0 ? 0 : 7 * update % 40;
    result.return_sum = static_cast<double>(result.episodes) * (0.1 + static_cast<double>(20 * update));
    return result;
  };
  for (const std::int64_t cut : {0, 1, 7, 30}) {
    const EnvironmentInfo& info = find_environment(config.env)->info();
    AgentProgress straight(config, info, 0), first(config, info, 0), second(config, info, 0);
    for (std::int64_t update = 0; update < 60; ++update) {
      if (update == cut) {
        second.remember(first.memory());
        EXPECT_EQ(second.last().return_100, first.last().return_100);
      }
      AgentProgress& now = update < cut ? first : second;
      const Record wanted = straight.add(row(update));
      const Record got = now.add(row(update));
      EXPECT_EQ(got.return_100, wanted.return_100) << update;
      EXPECT_EQ(now.solved_at_step(), straight.solved_at_step()) << update;
      EXPECT_LE(now.memory().window.size(), ReturnWindow::kMostEntries);
    }
    EXPECT_TRUE(straight.solved_at_step());
  }
}

/// Only its parameters matter.
class ParametersOnly : public Engine {
 public:
  explicit ParametersOnly(std::vector<std::vector<float>> params) : params_(std::move(params)) {}
  void start(std::int64_t) override {}
  std::span<const UpdateRow> collect() override { return {}; }
  std::span<const float> params(std::int64_t k) const override {
    return params_[static_cast<std::size_t>(k)];
  }
  Hyper hyper(std::int64_t) const override { return {}; }
  std::uint64_t trace_hash(std::int64_t) const override { return 0; }
  AgentState save(std::int64_t) const override { return {find_environment("cartpole")->info(), {}}; }
  void load(std::int64_t, const AgentState&) override {}
  void tune(std::int64_t, const Tuning&) override {}
  void retire(std::int64_t) override {}
  Profile profile() const override { return {}; }
  const EngineInfo& info() const override { return info_; }

 private:
  std::vector<std::vector<float>> params_;
  EngineInfo info_;
};

TEST(Divergence, OfAParameterNamesItsAgentAndUpdate) {
  const Config config = small_config(2);
  Outcome outcome = no_outcome_yet(config);
  outcome.updates = 8;
  using Floats = std::numeric_limits<float>;
  const auto found = [&](float param) {
    Recorder recorder(config, outcome, {});
    recorder.check(ParametersOnly({{0, 1}, {2, param, 3}}));
    return recorder.divergence() ? recorder.divergence()->what : "";
  };
  for (const float fine : {Floats::max(), -Floats::max(), Floats::denorm_min(), -0.0F}) {
    EXPECT_EQ(found(fine), "");
  }
  for (const float wrong : {Floats::infinity(), -Floats::infinity(), Floats::quiet_NaN()}) {
    EXPECT_TRUE(found(wrong).starts_with("a parameter of agent 1 is not finite after update 7; "));
  }
}

}  // namespace
}  // namespace ppo::test
