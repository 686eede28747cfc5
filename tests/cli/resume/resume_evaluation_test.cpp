// Going on with a run that is evaluated: its evaluations, its best policies and the agents that are done are
// those of a run that was never stopped.
#include <algorithm>

#include "cli/resume/resume_runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// 8 updates of two agents that learn fast, with a checkpoint after each.
const Arguments kRun = {
    "--num-envs",        "16",   "--num-steps",         "64",  "--num-seeds",        "2", "--lr",   "3e-3",
    "--total-timesteps", "8192", "--max-episode-steps", "100", "--checkpoint-every", "1", "--keep", "20"};

const std::vector<Arguments> kPlans = {
    {"--eval-every", "2", "--eval-episodes", "4"},
    {"--eval-every", "3", "--eval-episodes", "4", "--eval-greedy", "false", "--norm-obs", "true"},
    {"--eval-every", "2", "--eval-episodes", "4", "--eval-greedy", "false", "--stop-at-return", "70"},
    {"--stop-on", "return_100", "--stop-at-return", "25.5"},
    {"--eval-every", "2", "--eval-episodes", "4", "--norm-obs", "true", "--stop-on", "return_100",
     "--stop-at-return", "33"},
    {"--eval-every", "3", "--eval-episodes", "4", "--stop-on", "return_100", "--stop-at-return", "43"},
};

bool stops(const Arguments& plan) {
  return std::find(plan.begin(), plan.end(), "--stop-at-return") != plan.end();
}

/// Where each of a run's two agents was done; null if it was not.
std::vector<Json> stopped_at(const fs::path& run) {
  const Json agents = read_json(run / "run.json").at("agents");
  return {agents.at(0).at("stopped_at_update"), agents.at(1).at("stopped_at_update")};
}

TEST_F(CliResume, GoesOnWithEvaluations) {
  for (const Arguments& plan : kPlans) {
    fs::remove_all(at("straight"));
    fs::remove_all(at("run"));
    train("straight", kRun + plan);
    if (stops(plan)) {  // one agent first, so that some runs go on with one that is done and one that trains
      EXPECT_LT(stopped_at(at("straight"))[0], stopped_at(at("straight"))[1])
          << plan[1] << ' ' << plan.back();
    }
    const std::int64_t updates = read_json(at("straight/run.json")).at("updates");
    for (std::int64_t update = updates; update >= 0; --update) {
      SCOPED_TRACE(testing::Message() << plan[1] << ' ' << plan.back() << ", killed after " << update);
      fs::remove_all(at("run"));
      fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
      lose_end("run", static_cast<int>(update));
      if (fs::exists(at("run/evals.csv"))) append(at("run/evals.csv"), "0,1,2");  // a line cut short
      resume("run");
      expect_same("run", "straight");
    }
  }
}

TEST_F(CliResume, GoesOnForLongerAsIfItHadAlwaysBeenSoLong) {
  for (const Arguments& plan : kPlans) {
    fs::remove_all(at("straight"));
    fs::remove_all(at("run"));
    train("straight", kRun + plan);
    bool one_trained_alone = false;
    for (const char* steps : {"4096", "5120", "6144"}) {  // 4, 5 and 6 updates
      SCOPED_TRACE(testing::Message() << plan[1] << ' ' << plan.back() << ", first " << steps << " steps");
      fs::remove_all(at("run"));
      train("run", {"--config", "straight/config.toml", "--total-timesteps", steps});
      const bool all_stopped = read_json(at("run/run.json")).value("all_stopped_at_return", false);
      if (stops(plan)) one_trained_alone |= !stopped_at(at("run"))[0].is_null() && !all_stopped;
      resume("run", {"--total-timesteps", "8192"});
      if (!all_stopped) expect_same("run", "straight");
    }
    EXPECT_EQ(one_trained_alone, stops(plan)) << plan[1] << ' ' << plan.back();
  }
}

TEST_F(CliResume, WritesTheBestPolicyAgain) {
  train("straight", kRun + kPlans.front());
  fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
  fs::remove(at("run/best.safetensors"));
  resume("run");
  expect_same("run", "straight");
  fs::copy_file(at("run/policy.safetensors"), at("run/best.safetensors"),
                fs::copy_options::overwrite_existing);
  resume("run");
  expect_same("run", "straight");
}

TEST_F(CliResume, RefusesARunWhoseEvaluationsAreDamaged) {
  train("run", kRun + kPlans.front());
  lose_end("run", 5);
  const std::string evals = read_file(at("run/evals.csv"));
  std::ofstream(at("run/evals.csv"), std::ios::binary) << evals.substr(0, evals.size() / 2);
  expect_refused({"run"}, {"evals.csv:", "damaged: the rows end before the evaluation of agent "});
  std::string other = evals;
  other.replace(other.find("\n0,2,"), 5, "\n0,3,");
  std::ofstream(at("run/evals.csv"), std::ios::binary) << other;
  expect_refused({"run"}, {"evals.csv:2: damaged: update 3 where update 2 should be"});
  std::ofstream(at("run/evals.csv"), std::ios::binary) << "agent," << evals;
  expect_refused({"run"}, {"evals.csv:2: damaged: 9 cells under 10 column names"});
  fs::remove(at("run/evals.csv"));
  expect_refused({"run"}, {"evals.csv: cannot be read"});
}

TEST_F(CliResume, KeepsThePlanOfEvaluations) {
  train("run", kRun + kPlans.front());
  for (const Arguments& change : {Arguments{"--eval-every", "3"},
                                  {"--eval-episodes", "5"},
                                  {"--eval-greedy", "false"},
                                  {"--stop-at-return", "9"},
                                  {"--stop-on", "return_100"}}) {
    expect_refused(Arguments{"run"} + change, {change[0] + ": the run's ", " cannot change"});
  }
}

TEST_F(CliResume, GoesOnWithARunOfAProgramThatDidNotEvaluate) {
  train("straight", kShort + kManyCheckpoints);
  fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
  lose_end("run", 4);
  std::string config = read_file(at("run/config.toml"));
  config.resize(config.find("\n# Evaluation"));
  std::ofstream(at("run/config.toml"), std::ios::binary) << config;
  resume("run");
  EXPECT_EQ(hash_of(at("run")), hash_of(at("straight")));
  EXPECT_EQ(read_file(at("run/config.toml")), config);
}

}  // namespace
}  // namespace ppo::test
