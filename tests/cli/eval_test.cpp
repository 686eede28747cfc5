// Evaluation of a finished run through the real binary.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>

#include "runs.hpp"

namespace ppo::test {
namespace {

class CliEval : public testing::Test {
 protected:
  void SetUp() override {
    const Arguments train = {"--num-envs",          "8",     "--num-steps", "32",
                             "--total-timesteps",   "20000", "--lr",        "1e-3",
                             "--max-episode-steps", "120",   "--out",       "run"};
    ASSERT_EQ(run(train, here_).exit_code, 0);
  }

  Json eval(const Arguments& more) const {
    Arguments arguments = {"eval", "run", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(arguments, here_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out);
  }

  std::filesystem::path policy() const { return folder_.path() / "run" / "policy.safetensors"; }

  void write_policy(const std::string& bytes) const { std::ofstream(policy(), std::ios::binary) << bytes; }

  void expect_refused(const std::string& what) const {
    const Result result = run({"eval", "run"}, here_);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find(what), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }

  TemporaryFolder folder_;
  Launch here_{.folder = folder_.path()};
};

TEST_F(CliEval, IsCappedByTheRunsTimeLimitUnlessToldOtherwise) {
  EXPECT_EQ(eval({}).at("max_steps"), 120);
  EXPECT_EQ(eval({}).at("episodes"), 100);
  EXPECT_LE(eval({}).at("agents").at(0).at("return_max"), 120);
  const Json capped = eval({"--max-steps", "3", "--episodes", "5"});
  EXPECT_EQ(capped.at("agents").at(0).at("return_mean"), 3);
  EXPECT_EQ(capped.at("agents").at(0).at("length_median"), 3);
  EXPECT_EQ(capped.at("agents").at(0).at("capped"), 5);
}

TEST_F(CliEval, DependsOnItsOwnSeedAlone) {
  EXPECT_EQ(eval({"--seed", "3"}), eval({"--seed", "3"}));
  EXPECT_NE(eval({"--seed", "3"}).at("agents"), eval({"--seed", "4"}).at("agents"));
  EXPECT_NE(eval({"--greedy"}).at("agents"), eval({}).at("agents"));
}

TEST_F(CliEval, SaysOneLineAnAgent) {
  const Result result = run({"eval", "run", "--episodes", "7"}, here_);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  for (const char* word : {"+-", "min", "max", "median", "7 sampled episodes"}) {
    EXPECT_NE(result.out.find(word), std::string::npos) << word << " in " << result.out;
  }
}

TEST_F(CliEval, RefusesADamagedPolicy) {
  const std::string whole = read_file(policy());
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{100}, whole.size() - 1}) {
    write_policy(whole.substr(0, size));
    expect_refused("policy.safetensors");
  }
  std::string other = whole;
  other.replace(other.find("critic.l2.w"), 11, "critic.l9.w");
  write_policy(other);
  expect_refused("critic.l2.w");
  std::filesystem::remove(policy());
  expect_refused("policy.safetensors");
}

TEST_F(CliEval, RefusesAPolicyWithBytesOfNoTensor) {
  write_policy(read_file(policy()) + std::string(4, '\0'));
  expect_refused("policy.safetensors");
}

TEST_F(CliEval, RefusesParametersThatAreNoNumbers) {
  const std::string whole = read_file(policy());
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::string damaged = whole;
    std::memcpy(damaged.data() + damaged.size() - sizeof bad, &bad, sizeof bad);  // critic.head.b
    write_policy(damaged);
    expect_refused("not finite");
  }
}

TEST_F(CliEval, RefusesAPolicyOfAnotherEnvironment) {
  // Of the same sizes, so that nothing but the name tells.
  std::string other = read_file(policy());
  const std::size_t place = other.find("\"cartpole\"");
  ASSERT_NE(place, std::string::npos);
  other.replace(place, 10, "\"cartpool\"");
  write_policy(other);
  expect_refused("'cartpool'");
}

TEST_F(CliEval, AsAllVerbsNamesTheRunOfCheckpoints) {
  const auto expect_error = [&](const std::string& verb, const std::string& place, const std::string& error) {
    const Result result = run({verb, place}, here_);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "ppo_train: " + error + '\n');
  };
  const std::string none = "run/checkpoints/none";
  const std::string checkpoint = "run/checkpoints/0000000000.safetensors";
  for (const std::string verb : {"eval", "render", "export", "report"}) {
    expect_error(verb, "run/checkpoints",
                 "'run/checkpoints' is not a run folder, but holds the checkpoints of one; write run");
  }
  for (const std::string verb : {"eval", "render", "export"}) {
    expect_error(verb, none,
                 "there is no '" + none + "'; write the folder of a run, or one of its checkpoints");
  }
  expect_error("report", none,
               "'" + none + "' is not a run folder: it has no config.toml; write the folder of a run");
  expect_error("report", checkpoint,
               "'" + checkpoint + "' is not a run folder, but lies among the checkpoints of one; write run");
}

TEST_F(CliEval, RefusesWhatIsNoRun) {
  std::filesystem::remove(folder_.path() / "run" / "config.toml");
  expect_refused("'run' is not a run folder: it has no config.toml");
  std::filesystem::remove_all(folder_.path() / "run");
  expect_refused("there is no 'run'; write the folder of a run, or one of its checkpoints");
}

}  // namespace
}  // namespace ppo::test
