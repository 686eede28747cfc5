// What ppo_bench says of more threads than this machine has cores for.
#include <gtest/gtest.h>

#include "cli/bench/bench.hpp"
#include "fault/faults.hpp"

namespace ppo::test {
namespace {

// 4 environments x 8 steps, so that seven threads have too little for each: rates say nothing here.
TEST(CliBench, ModelsMoreThreadsThanThereAreCores) {
  const Json json = figures({"--only", "scaling", "--threads", "1,2,7", "--update-epochs", "3"});
  ASSERT_EQ(json.at("teams").size(), 3U);
  EXPECT_EQ(json.at("teams").at(0).at("barriers_s"), 0);
  const double barrier = json.at("barrier_s");
  EXPECT_GT(barrier, 0);
  // One after each stage, and one for the header.
  EXPECT_DOUBLE_EQ(json.at("teams").at(1).at("barriers_s"), (3 + 3 * 3 * 4 + 1) * barrier);
  EXPECT_GT(json.at("teams").at(2).at("barriers_s"), json.at("teams").at(1).at("barriers_s"));
  for (const Json& team : json.at("teams")) {
    double seconds = team.at("barriers_s");
    for (const Json& rounds : team.at("most_work_s")) seconds += rounds.at(0).get<double>();
    EXPECT_DOUBLE_EQ(team.at("update_s"), seconds);
    EXPECT_DOUBLE_EQ(team.at("sps"), 4 * 8 / seconds);
    EXPECT_EQ(team.at("most_work_s").size(), 6U);
  }
}

TEST(CliBench, ModelsOneTeamBesideAThread) {
  const Json json = figures({"--only", "scaling", "--threads", "3"});
  ASSERT_EQ(json.at("teams").size(), 2U);
  EXPECT_EQ(json.at("teams").at(0).at("threads"), 1);
  EXPECT_EQ(json.at("teams").at(1).at("threads"), 3);
}

// Those that have started must not wait for the others.
TEST(CliBench, SaysThatATeamCannotStart) {
  const TemporaryFolder folder;
  const Result result =
      run(kBrief + Arguments{"--only", "scaling", "--threads", "1,1024"},
          {.program = PPO_BENCH_BINARY, .folder = folder.path(), .prepare = address_space_limit(1L << 30)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "cannot start 1024 threads")) << result.err;
}

}  // namespace
}  // namespace ppo::test
