// Instruction set and threads change the speed of a run and not one bit of it, in any environment and any
// shape.
#include <gtest/gtest.h>

#include "engine.hpp"
#include "errors.hpp"
#include "unit/engine_runs.hpp"

namespace ppo {
namespace {

struct Shape {
  const char* name;
  Hyper hyper;
};

/// Passes, tiles, leaves and groups end in the middle somewhere, and every option is away from its default.
const Shape kShapes[] = {
    {"two_groups",
     {.seed = 5,
      .num_envs = 17,
      .num_steps = 20,
      .lr = 1e-3F,
      .num_minibatches = 2,
      .max_episode_steps = 15}},
    {"seven_by_thirtythree",
     {.seed = 6, .num_envs = 7, .num_steps = 33, .lr = 3e-3F, .num_minibatches = 3, .anneal_lr = true}},
    {"one_environment",
     {.seed = 7, .num_envs = 1, .num_steps = 17, .num_minibatches = 1, .max_episode_steps = 4}},
    {"prime_environments",
     {.seed = 8,
      .num_envs = 61,
      .num_steps = 5,
      .num_minibatches = 5,
      .norm_adv = false,
      .target_kl = 1e-4F}},
    {"leaves_of_32",
     {.seed = 9,
      .num_envs = 8209,
      .num_steps = 4,
      .num_minibatches = 1,
      .update_epochs = 1,
      .clip_vloss = false}},
    {"seventeen_samples_a_minibatch",
     {.seed = 10, .num_envs = 17, .num_steps = 4, .lr = 3e-3F, .num_minibatches = 4, .max_episode_steps = 3}},
    {"one_sample_a_minibatch",
     {.seed = 11, .num_envs = 2, .num_steps = 4, .lr = 1e-3F, .num_minibatches = 8}},
    {"all_options",
     {.seed = 12,
      .total_timesteps = 6 * 67 * 9,
      .num_envs = 67,
      .num_steps = 9,
      .lr = 1e-2F,
      .num_minibatches = 3,
      .norm_adv = false,
      .clip_vloss = false,
      .max_episode_steps = 8,
      .anneal_lr = true,
      .target_kl = 1e-2F}},
};

std::vector<testing::Outcome> outcomes_of(const EnvironmentLoops& loops, const Hyper& hyper, int threads) {
  const std::int64_t updates = hyper.num_envs > 1000 ? 1 : 6;
  CpuEngine engine(loops, hyper, 2, EngineInfo{"cpu", "test", threads}, {.trace = true});
  return testing::run(engine, 2, updates, updates);
}

class LevelPairs : public ::testing::TestWithParam<std::tuple<const char*, Shape>> {};

TEST_P(LevelPairs, GiveTheSameBytes) {
  const auto& [name, shape] = GetParam();
  const Environment* environment = find_environment(name);
  ASSERT_NE(environment, nullptr);
  const std::vector<testing::Outcome> expected = outcomes_of(*environment->portable, shape.hyper, 1);
  for (const char* simd : {"scalar", "avx2", "avx512"}) {
    for (const int threads : {1, 2, 3, 8}) {  // two agents: alone, one each, and both by the whole team
      SCOPED_TRACE(std::string(simd) + ", threads " + std::to_string(threads));
      try {
        const auto got = outcomes_of(choose_level(*environment, simd).loops, shape.hyper, threads);
        for (std::size_t k = 0; k < expected.size(); ++k) testing::expect_same(expected[k], got[k]);
      } catch (const Failure& failure) {
        std::cout << failure.what() << '\n';  // NamedLevel skips, and shows, the same
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Environments, LevelPairs,
                         ::testing::Combine(::testing::Values("cartpole", "my_env"),
                                            ::testing::ValuesIn(kShapes)),
                         [](const auto& name) {
                           return std::get<0>(name.param) + std::string("_") + std::get<1>(name.param).name;
                         });

}  // namespace
}  // namespace ppo
