// The presets of Gymnasium's classic tasks learn them: two seeds each, of which bench/learning.py judges
// more, by the same targets.
#include <gtest/gtest.h>

#include "agents.hpp"

namespace ppo::test {
namespace {

struct Target {
  const char* preset;
  const char* env;
  std::uint64_t first_seed;
  double return_100;
  std::int64_t within;  // [steps] until return_100 is reached
  double greedy;        // mean return of the final policy
};

class Preset : public testing::TestWithParam<Target> {};

TEST_P(Preset, ReachesItsTargetInTimeAndHoldsItGreedily) {
  const Target& target = GetParam();
  for (const TrainedAgent& agent : train_agents(target.preset, target.first_seed, 2)) {
    const bool reached = std::ranges::any_of(agent.records, [&](const Record& record) {
      return record.steps <= target.within && record.return_100.value_or(-1e30) >= target.return_100;
    });
    EXPECT_TRUE(reached) << "seed " << agent.records.front().seed;
    EXPECT_GE(evaluate(target.env, agent, true), target.greedy) << "seed " << agent.records.front().seed;
  }
}

constexpr Target kTargets[] = {
    {"acrobot-v1", "acrobot", 5, -100, 300'000, -85},
    {"mountain-car-v0", "mountain_car", 5, -115, 1'000'000, -112},
    {"mountain-car-continuous-v0", "mountain_car_continuous", 6, 90, 300'000, 90},
    {"pendulum-v1", "pendulum", 5, -200, 300'000, -175},
};

INSTANTIATE_TEST_SUITE_P(Of, Preset, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.env); });

}  // namespace
}  // namespace ppo::test
