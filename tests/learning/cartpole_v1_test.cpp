// The cartpole-v1 preset solves its task, seed after seed.
#include <gtest/gtest.h>

#include "agents.hpp"

namespace ppo::test {
namespace {

TEST(CartpoleV1, NineOfTenSeedsSolveItWithin150000Steps) {
  const std::vector<TrainedAgent> agents = train_agents("cartpole-v1", 1, 10);
  int solved = 0;
  int mastered = 0;
  for (const TrainedAgent& agent : agents) {
    solved += agent.solved_at_step.value_or(1'000'000) <= 150'000 ? 1 : 0;
    mastered += evaluate("cartpole", agent, true) >= 490 ? 1 : 0;
  }
  EXPECT_GE(solved, 9);
  EXPECT_GE(mastered, 9);
}

}  // namespace
}  // namespace ppo::test
