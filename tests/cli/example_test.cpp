// The environment that people start from, examples/my_env.hpp: short, built in, and learned.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace ppo::test {
namespace {

TEST(CliExample, IsLearnedWithinAFewSeconds) {
  const TemporaryFolder folder;
  const Launch here{.folder = folder.path()};
  const Result train = run({"--env", "my_env", "--max-episode-steps", "100", "--num-envs", "16", "--lr",
                            "1e-3", "--total-timesteps", "100000", "--out", "run"},
                           here);
  ASSERT_EQ(train.exit_code, 0) << train.err;
  EXPECT_NE(train.out.find("solved at step"), std::string::npos) << train.out;
  const Result eval = run({"eval", "run", "--greedy", "--json"}, here);
  EXPECT_GT(nlohmann::json::parse(eval.out).at("agents").at(0).at("return_mean"), -0.5) << eval.out;
}

TEST(CliExample, FitsOnAPage) {
  const std::string text = read_file(std::string(PPO_SOURCE_DIR) + "/examples/my_env.hpp");
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 60);
}

}  // namespace
}  // namespace ppo::test
