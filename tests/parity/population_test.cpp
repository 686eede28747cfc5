// An agent of a population is the single run of its seed, to the bit: at every level, with fewer threads than
// agents, as many, and more.
#include <gtest/gtest.h>

#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kAgents = 3;
constexpr std::int64_t kUpdates = 4;

constexpr Hyper kHyper{.seed = 31,
                       .total_timesteps = kUpdates * 17 * 12,
                       .num_envs = 17,
                       .num_steps = 12,
                       .lr = 3e-3F,
                       .num_minibatches = 4,
                       .max_episode_steps = 9,
                       .anneal_lr = true,
                       .target_kl = 1e-2F};

std::vector<testing::Outcome> outcomes_of(const EnvironmentLoops& loops, const Hyper& hyper,
                                          std::int64_t agents, int threads) {
  CpuEngine engine(loops, hyper, agents, EngineInfo{"cpu", "test", threads}, {.trace = true});
  return testing::run(engine, agents, kUpdates, 2);
}

class Population : public ::testing::TestWithParam<const char*> {};

TEST_P(Population, IsTheSingleRunsOfItsSeeds) {
  const Environment& environment = *find_environment("cartpole");
  std::vector<testing::Outcome> singles;
  for (std::uint64_t k = 0; k < kAgents; ++k) {
    Hyper single = kHyper;
    single.seed += k;
    singles.push_back(outcomes_of(*environment.portable, single, 1, 1)[0]);
  }
  EXPECT_NE(singles[0].trace, singles[1].trace);
  EXPECT_NE(singles[1].trace, singles[2].trace);
  try {
    const EnvironmentLoops& loops = choose_level(environment, GetParam()).loops;
    for (const int threads : {1, 2, 3, 8}) {
      const auto together = outcomes_of(loops, kHyper, kAgents, threads);
      for (std::size_t k = 0; k < kAgents; ++k) {
        SCOPED_TRACE(::testing::Message() << "agent " << k << ", threads " << threads);
        testing::expect_same(singles[k], together[k]);
      }
    }
  } catch (const Failure& failure) {
    GTEST_SKIP() << failure.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Simd, Population, ::testing::Values("scalar", "avx2", "avx512"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace ppo
