// Which of the known names a mistyped one is nearest to.
#include "config/nearest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ppo::test {
namespace {

TEST(ConfigNearest, Distance) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("seed", "sede"), 1U);  // a swap
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);     // 2 without the restriction
  EXPECT_EQ(edit_distance("Num-Envs", "num_envs"), 0U);
  EXPECT_EQ(edit_distance(std::string(100'000, 'a'), "a"), 63U);
}

TEST(ConfigNearest, SuggestsByNearness) {
  const std::vector<std::string> names = {"lr", "gamma", "num_envs"};
  EXPECT_EQ(suggest("num_env", names, "see x"), "did you mean 'num_envs'?");
  EXPECT_EQ(suggest("NUM-ENVS", names, "see x"), "did you mean 'num_envs'?");
  EXPECT_EQ(suggest("completely_else", names, "see x"), "see x");
  EXPECT_EQ(suggest("", names, "see x"), "see x");
  EXPECT_EQ(suggest("num_env", {}, "see x"), "see x");
}

TEST(ConfigNearest, ANameOfWhichNoLetterIsRightIsNotNear) {
  const std::vector<std::string> names = {"c"};
  EXPECT_EQ(suggest("x", names, "see x"), "see x");
  EXPECT_EQ(suggest("C", names, "see x"), "did you mean 'c'?");
}

TEST(ConfigNearest, DashesInFrontDoNotMakeAFlagNearer) {
  const std::vector<std::string> flags = {"--seed", "--num-envs"};
  EXPECT_EQ(suggest("--sex", flags, "see x"), "see x");
  EXPECT_EQ(suggest("--sed", flags, "see x"), "did you mean '--seed'?");
  EXPECT_EQ(suggest("-num_env", flags, "see x"), "did you mean '--num-envs'?");
}

TEST(ConfigNearest, ANameOfOtherProgramsCountsWhereItIsNearerThanOurs) {
  const std::vector<std::string> devices = {"auto", "cpu", "cuda"};
  EXPECT_EQ(suggest("gpu", devices, "see x"), "did you mean 'cuda'?");
  EXPECT_EQ(suggest("CPU", devices, "see x"), "did you mean 'cpu'?");
  EXPECT_EQ(suggest("steps", devices, "see x"), "see x");  // which is no name of a device
  const std::vector<std::string> flags = {"--lr", "--total-timesteps"};
  EXPECT_EQ(suggest("--learning-rate", flags, "see x"), "did you mean '--lr'?");
  EXPECT_EQ(suggest("step", flags, "see x"), "did you mean '--total-timesteps'?");
}

}  // namespace
}  // namespace ppo::test
