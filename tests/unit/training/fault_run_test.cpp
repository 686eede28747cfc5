// A run whose environment gives a number that is not finite: it ends there, and keeps all that it has learned
// before.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "ppo/env/cartpole.hpp"
#include "read_file.hpp"
#include "report/reported_run.hpp"
#include "run/checkpoint.hpp"
#include "run/checkpoint_files.hpp"
#include "run/policy_hash.hpp"
#include "run/saved/saved_agents.hpp"
#include "temporary_folder.hpp"
#include "terminal/messages.hpp"
#include "training/training.hpp"
#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/hard_environments.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// The numbers of CartPole, as the rest of the program takes it to be.
using Env = testing::Brittle<CartPole, 500>;

class FaultRun : public ::testing::Test {
 protected:
  void SetUp() override {
    request_.out = folder_.path() / "run";
    request_.quiet = true;
    Hyper& hyper = request_.config.hyper;
    hyper = {{.num_envs = 3, .num_steps = 8, .num_minibatches = 2},
             {.seed = 7, .norm_obs = true, .norm_reward = true}};
    hyper.total_timesteps = std::int64_t{24} * 100;
  }

  /// To the fault; what is said of it.
  std::string train(Engine& engine) {
    const StopSignals signals;
    std::optional<RunFolder> folder;
    if (!request_.keep_nothing) folder.emplace(request_);
    try {
      train_to_the_end({.request = request_,
                        .engine = engine,
                        .folder = folder ? &*folder : nullptr,
                        .signals = signals,
                        .outcome = no_outcome_yet(request_.config)});
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kDiverged);
      return failure.what();
    }
    return "nothing";
  }

  CpuEngine engine(std::int64_t num_agents = 1) const {
    return {testing::kLoops<Env>,
            population_of(request_.config.hyper, num_agents),
            EngineInfo{"cpu", "test", 1},
            {}};
  }

  nlohmann::json summary() const { return nlohmann::json::parse(read_file(*request_.out / "run.json")); }

  const TemporaryFolder folder_;
  TrainRequest request_;
};

/// The update in which agent k of that many meets it.
std::int64_t update_of_fault(const Hyper& hyper, std::int64_t num_agents, std::size_t k) {
  CpuEngine engine = testing::make_engine<Env>(hyper, num_agents);
  return testing::run(engine, num_agents, 90, 90)[k].rows.back().update;
}

TEST_F(FaultRun, KeepsWhatWasLearnedBefore) {
  const std::int64_t last = update_of_fault(request_.config.hyper, 1, 0);
  ASSERT_GT(last, 2);
  ASSERT_LT(last, 80);
  request_.extras.report = true;
  CpuEngine broken = engine();
  const std::string said = train(broken);
  const fs::path& run = *request_.out;
  const auto has = [&](const std::string& part) { return said.find(part) != std::string::npos; };
  EXPECT_TRUE(said.starts_with("training diverged: reward of environment ")) << said;
  EXPECT_TRUE(has(" of agent 0 is not finite at step ")) << said;
  EXPECT_TRUE(has(" of the rollout in update " + std::to_string(last) + "; ")) << said;
  EXPECT_TRUE(has((run / "policy.safetensors").native() + " holds what was learned before that")) << said;
  EXPECT_TRUE(said.ends_with(resume_command(run) + " continues at update " + std::to_string(last))) << said;

  CpuEngine good = engine();  // as far as all is well
  good.run(last);
  const std::vector<TrainedPolicy> saved = read_policies(open_run(run));
  EXPECT_TRUE(testing::same_bytes(saved[0].params, good.save(0).params));
  EXPECT_TRUE(testing::same_bytes(saved[0].moments, good.save(0).moments));
  const Checkpoint checkpoint(checkpoint_path(run, last), 1 << 20);
  testing::expect_same(checkpoint.agent(0), good.save(0));
  EXPECT_EQ(list_checkpoints(run).back().update, last);

  EXPECT_EQ(summary().at("stopped_by"), "fault");
  EXPECT_EQ(summary().at("updates"), last);
  EXPECT_EQ(summary().at("agents").at(0).at("param_hash"), param_hash(good.params(0)));
  const std::string metrics = read_file(run / "metrics.csv");
  EXPECT_EQ(std::count(metrics.begin(), metrics.end(), '\n'), last + 1);
  EXPECT_EQ(metrics.find("nan"), std::string::npos);
  const std::string state = "was stopped by a non-finite number from its environment after " +
                            std::to_string(last) + " of 100 updates";
  EXPECT_EQ(read_reported_run(run).state(), state);
  EXPECT_NE(read_file(run / "report.html").find("The run " + state), std::string::npos);
}

// The others have gone on by then: there is no moment to save them all at, but all their policies are good.
TEST_F(FaultRun, KeepsTheOthersPoliciesToo) {
  request_.config.num_seeds = 3;
  const Hyper& hyper = request_.config.hyper;
  std::int64_t last = 100;
  for (std::size_t k = 0; k < 3; ++k) last = std::min(last, update_of_fault(hyper, 3, k));
  ASSERT_GT(last, 1);
  CpuEngine broken = engine(3);
  const std::string said = train(broken);
  EXPECT_TRUE(said.ends_with(" continues at update 0")) << said;
  CpuEngine good = engine(3);
  good.run(last + 1);
  const std::vector<TrainedPolicy> saved = read_policies(open_run(*request_.out));
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_TRUE(testing::same_bytes(saved[k].params, good.save(static_cast<std::int64_t>(k)).params)) << k;
  }
  EXPECT_EQ(summary().at("updates"), last);
}

TEST_F(FaultRun, WithoutAFolderOnlySaysSo) {
  request_.keep_nothing = true;
  CpuEngine broken = engine();
  EXPECT_TRUE(train(broken).ends_with("the environment's step returned it"));
}

}  // namespace
}  // namespace ppo::test
