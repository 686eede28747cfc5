// `ppo_train --version`: a first line for scripts, then what the build is made of.
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

#include "cli/runs.hpp"
#include "engine/cuda/cuda.hpp"
#include "system/join.hpp"
#include "system/processor/levels.hpp"

namespace ppo::test {
namespace {

/// Not where they come without their history, or there is no git.
bool git_knows_the_sources() {
  return std::filesystem::exists(std::filesystem::path(PPO_SOURCE_DIR) / ".git") &&
         std::system("git -C '" PPO_SOURCE_DIR "' rev-parse --verify -q HEAD >/dev/null 2>&1") == 0;
}

TEST(CliVersion, SaysWhatTheBuildIsMadeOf) {
  const Result result = run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  std::vector<std::string> said = lines(result.out);
  ASSERT_GE(said.size(), 5U);
  EXPECT_TRUE(std::regex_match(said[0], std::regex(R"(ppo_train \d+\.\d+\.\d+)"))) << said[0];
  if (git_knows_the_sources()) {
    ASSERT_EQ(said.size(), 6U);
    EXPECT_TRUE(std::regex_match(said[1], std::regex("commit            [0-9a-f]{12,40}(-dirty)?")))
        << said[1];
    said.erase(said.begin() + 1);
  }
  EXPECT_EQ(said[1], "numerics version  2");
  EXPECT_EQ(said[2], "cpu               " + join(level_names(), ", "));
  EXPECT_EQ(said[3],
            std::string("cuda              ") + (has_cuda_engine() ? "in this build" : "not in this build"));
  const bool has_mpi = !Json::parse(run({"info", "--json"}).out).at("mpi").is_null();
  EXPECT_EQ(said[4], std::string("mpi               ") + (has_mpi ? "in this build" : "not in this build"));
}

TEST(CliVersion, IsThatOfTheRunsItWrites) {
  const Json info = Json::parse(run({"info", "--json"}).out);
  EXPECT_EQ(lines(run({"--version"}).out).at(0), "ppo_train " + info.at("version").get<std::string>());
}

}  // namespace
}  // namespace ppo::test
