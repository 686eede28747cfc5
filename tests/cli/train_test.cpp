// Training through the real binary: what it shows, what it keeps, and that the two agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "runs.hpp"

namespace ppo::test {
namespace {

TEST(CliTrain, KeepsTheRunInItsFolder) {
  const TemporaryFolder folder;
  const Result result =
      run(kShort + Arguments{"--config", "cartpole", "--seed", "7"}, {.folder = folder.path()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");

  std::filesystem::path run_folder;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "runs"))
    run_folder = entry.path();
  EXPECT_EQ(run_folder.filename().string().rfind("cartpole-s7-", 0), 0U) << run_folder;
  EXPECT_EQ(names_in(run_folder), kRunFiles);

  const Json json = read_json(run_folder / "run.json");
  EXPECT_EQ(json.at("steps"), 1536);
  EXPECT_EQ(json.at("config").at("seed"), 7);
  EXPECT_EQ(json.at("config").at("lr"), 2.5e-4);
  EXPECT_EQ(json.at("stopped_by"), nullptr);
  EXPECT_EQ(json.at("command_line").back(), "7");
  EXPECT_TRUE(contains(result.out, json.at("agents").at(0).at("param_hash").get<std::string>()));
  EXPECT_TRUE(contains(result.out, run_folder.filename().string()));
  EXPECT_EQ(lines(read_file(run_folder / "metrics.csv")).size(), 1U + 6U);
  EXPECT_EQ(lines(read_file(run_folder / "timing.csv")).size(), 1U + 6U);
}

TEST(CliTrain, ASavedConfigRunsToTheSameBytes) {
  const TemporaryFolder folder;
  const Launch here{.folder = folder.path()};
  const Arguments changed = {"--lr", "0.0013", "--anneal-lr", "true", "--max-episode-steps",
                             "30",   "--seed", "123"};
  ASSERT_EQ(run(kShort + changed + Arguments{"--out", "first"}, here).exit_code, 0);
  ASSERT_EQ(run({"--config", "first/config.toml", "--out", "second"}, here).exit_code, 0);
  EXPECT_EQ(hash_of(folder.path() / "first"), hash_of(folder.path() / "second"));
  for (const char* file : {"metrics.csv", "config.toml", "policy.safetensors"}) {
    EXPECT_EQ(read_file(folder.path() / "first" / file), read_file(folder.path() / "second" / file)) << file;
  }
}

TEST(CliTrain, AnAgentOfSeveralIsItsOwnSingleRun) {
  const TemporaryFolder folder;
  const Launch here{.folder = folder.path()};
  ASSERT_EQ(run(kShort + Arguments{"--seed", "5", "--num-seeds", "3", "--out", "three"}, here).exit_code, 0);
  ASSERT_EQ(run(kShort + Arguments{"--seed", "7", "--out", "one"}, here).exit_code, 0);
  const Json agent = read_json(folder.path() / "three" / "run.json").at("agents").at(2);
  EXPECT_EQ(agent.at("seed"), 7);
  EXPECT_EQ(agent.at("param_hash"), hash_of(folder.path() / "one"));

  std::vector<std::string> third;
  for (const std::string& line : lines(read_file(folder.path() / "three" / "metrics.csv"))) {
    if (line.rfind("2,", 0) == 0) third.push_back("0" + line.substr(1));
  }
  std::vector<std::string> alone = lines(read_file(folder.path() / "one" / "metrics.csv"));
  alone.erase(alone.begin());
  EXPECT_EQ(third, alone);
}

TEST(CliTrain, NoOutKeepsNothing) {
  const TemporaryFolder folder;
  ASSERT_EQ(run(kShort + Arguments{"--no-out"}, {.folder = folder.path()}).exit_code, 0);
  EXPECT_TRUE(folder.list().empty());
}

TEST(CliTrain, QuietSaysNothing) {
  const TemporaryFolder folder;
  const Result result = run(kShort + Arguments{"--no-out", "--quiet"}, {.folder = folder.path()});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST(CliTrain, PipedOutputIsPlainLines) {
  const Result result = run(kShort + Arguments{"--no-out", "--log-every", "2"});
  EXPECT_FALSE(contains(result.out, "\r"));
  EXPECT_FALSE(contains(result.out, "\033"));
  const std::vector<std::string> all = lines(result.out);
  const auto updates = std::count_if(all.begin(), all.end(), [](const std::string& line) {
    return line.rfind("Update ", 0) == 0 && contains(line, "Return ") && contains(line, "SPS ");
  });
  EXPECT_EQ(updates, 4);                             // 0, 2, 4 and the last, 5
  EXPECT_TRUE(contains(result.out, "cartpole-v1"));  // what to do about "not solved"
}

TEST(CliTrain, ATerminalHasOneLiveLine) {
  const Result result = run_in_pty(kShort + Arguments{"--no-out"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.out, "\r\033[K"));
  EXPECT_TRUE(contains(result.out, "ETA"));
  EXPECT_FALSE(contains(result.out, "Update 0:"));
  EXPECT_TRUE(contains(result.out, "hash"));
}

TEST(CliTrain, ADivergedRunIsOneLineAndExitCode4) {
  const TemporaryFolder folder;
  const Result result = run(kShort + kDiverging + Arguments{"--no-out"}, {.folder = folder.path()});
  EXPECT_EQ(result.exit_code, 4) << result.out << result.err;
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "not finite")) << result.err;
}

TEST(CliTrain, SaysThatMoreThreadsThanCoresAreNoHelp) {
  const TemporaryFolder folder;
  const std::string many = std::to_string(std::thread::hardware_concurrency() + 1);
  const Result result = run(kShort + Arguments{"--no-out", "--threads", many}, {.folder = folder.path()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "note     " + many + " threads on ")) << result.out;
  const Result one = run(kShort + Arguments{"--no-out", "--threads", "1"}, {.folder = folder.path()});
  EXPECT_FALSE(contains(one.out, " threads on ")) << one.out;
}

#ifndef __SANITIZE_ADDRESS__  // which asks for more address space than is left here
TEST(CliTrain, TooManyThreadsForTheMachineAreAnErrorAndNoHang) {
  const TemporaryFolder folder;
  const std::string command = std::string("ulimit -v 400000; exec '") + PPO_TRAIN_BINARY +
                              "' --config cartpole --no-out --threads 1000";
  const Result result = run({"-c", command}, {.program = "/bin/bash", .folder = folder.path()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "cannot start 1000 threads")) << result.err;
  EXPECT_TRUE(contains(result.err, "--threads")) << result.err;
}
#endif

}  // namespace
}  // namespace ppo::test
