// Episodes of an evaluation follow from the seed and their number alone, so they can be played in parts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "engine/agent_state.hpp"

namespace ppo {
namespace {

/// Parameters as training starts with them.
TrainedPolicy first_policy(const EnvironmentLoops& loops) {
  const Hyper hyper{.num_envs = 1, .num_steps = 4};
  const std::size_t bytes = loops.agent_bytes(hyper);
  const std::unique_ptr<void, void (*)(void*)> agent(std::aligned_alloc(64, bytes), std::free);
  std::memset(agent.get(), 0, bytes);
  loops.init(hyper, 42, agent.get());
  const float* params = loops.params(agent.get());
  return {hyper, {params, params + loops.info.layout(hyper.hidden_size).size()}, {}};
}

TEST(Evaluate, TheSameEpisodesInParts) {
  const EnvironmentLoops& loops = *find_environment("cartpole")->portable;
  const TrainedPolicy policy = first_policy(loops);
  std::vector<EpisodeResult> whole(12), parts(12);
  loops.evaluate(policy.view(), {.seed = 5, .episodes = 12}, nullptr, whole.data());
  for (const std::int64_t first : {0, 1, 6}) {
    const std::int64_t end = first == 0 ? 1 : first == 1 ? 6 : 12;
    loops.evaluate(policy.view(), {.seed = 5, .episodes = end - first, .first_episode = first}, nullptr,
                   parts.data() + first);
  }
  bool differ = false;
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(parts[i].length, whole[i].length) << i;
    EXPECT_EQ(parts[i].episode_return, whole[i].episode_return) << i;
    differ = differ || whole[i].length != whole[0].length;
  }
  EXPECT_TRUE(differ);
}

}  // namespace
}  // namespace ppo
