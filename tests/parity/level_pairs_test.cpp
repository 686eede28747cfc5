// An instruction set changes the speed of a run and not one bit of it.
#include <gtest/gtest.h>

#include "unit/engine_runs.hpp"

namespace ppo {
namespace {

class LevelPairs : public ::testing::TestWithParam<const char*> {};

TEST_P(LevelPairs, PortableAndFmaGiveTheSameBytes) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    GTEST_SKIP() << "this machine has no AVX2 or no FMA";
  }
  const Environment* environment = find_environment(GetParam());
  ASSERT_NE(environment, nullptr);
  Hyper hyper{.seed = 5,
              .num_envs = 17,
              .num_steps = 20,
              .lr = 1e-3F,
              .num_minibatches = 2,  // of 170 samples: a second group, with a short leaf
              .max_episode_steps = 15};
  std::vector<testing::Outcome> outcomes;
  for (const EnvironmentLoops* loops : {environment->portable, environment->fma}) {
    ReferenceEngine engine(*loops, hyper, 2, EngineInfo{}, true);
    for (testing::Outcome& outcome : testing::run(engine, 2, 6, 3)) outcomes.push_back(std::move(outcome));
  }
  testing::expect_same(outcomes[0], outcomes[2]);
  testing::expect_same(outcomes[1], outcomes[3]);
}

INSTANTIATE_TEST_SUITE_P(Environments, LevelPairs, ::testing::Values("cartpole", "my_env"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace ppo
