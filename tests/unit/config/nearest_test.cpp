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
  EXPECT_EQ(suggest("num_env", names), "did you mean 'num_envs'?");
  EXPECT_EQ(suggest("completely_else", names), "the nearest name is 'num_envs'");
}

}  // namespace
}  // namespace ppo::test
