// Beyond 32,768 samples a minibatch the leaves grow with it: 32, 48, 64 ... samples. The levels cut them
// where their passes end, and must still add them up as the scalar loops do.
#include <gtest/gtest.h>

#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

/// One pass over a batch whose size is all that matters.
Hyper one_pass(std::int32_t samples, std::int32_t num_minibatches = 1) {
  return {
      {.total_timesteps = samples, .num_envs = samples, .num_steps = 1, .num_minibatches = num_minibatches},
      {.seed = 21, .lr = 1e-3F, .update_epochs = 1}};
}

const Hyper kHypers[] = {
    one_pass(32768),         // the last with leaves of 16
    one_pass(32769),         // a group, and a leaf, of one sample
    one_pass(2 * 33331, 2),  // leaves of 32, both ends ragged, the second minibatch not at the start
    one_pass(65536),         // the last with leaves of 32
    one_pass(65539),         // leaves of 48: passes of 64 cut them anywhere
};

testing::Outcome outcome_of(const Hyper& hyper, const std::string& simd, int threads) {
  const Level level = choose_level(*find_environment("cartpole"), simd);
  CpuEngine engine(level.loops, population_of(hyper, 1), EngineInfo{"cpu", level.name, threads},
                   {.trace = true});
  return testing::run(engine, 1, 1, 1)[0];
}

class LargeMinibatch : public ::testing::TestWithParam<std::string> {};

TEST_P(LargeMinibatch, IsAddedUpAsTheScalarLoopsDo) {
  try {
    choose_level(*find_environment("cartpole"), GetParam());
  } catch (const Failure& failure) {
    GTEST_SKIP() << failure.what();
  }
  for (const Hyper& hyper : kHypers) {
    const testing::Outcome expected = outcome_of(hyper, "scalar", 1);
    for (const int threads : {1, 2, 3, 8}) {
      SCOPED_TRACE(::testing::Message() << minibatch_size(hyper) << " samples, threads " << threads);
      testing::expect_same(expected, outcome_of(hyper, GetParam(), threads));
    }
  }
}

/// The scalar ones are what they are compared with.
std::vector<std::string> simd_levels() {
  std::vector<std::string> names = level_names();
  std::erase(names, "scalar");
  return names;
}

INSTANTIATE_TEST_SUITE_P(Simd, LargeMinibatch, ::testing::ValuesIn(simd_levels()),
                         [](const auto& name) { return name.param; });

TEST(LargeMinibatch, LeavesAreOfTheSizesTested) {
  EXPECT_EQ(leaf_samples(32768), 16);
  EXPECT_EQ(leaf_samples(32769), 32);
  EXPECT_EQ(leaf_samples(65536), 32);
  EXPECT_EQ(leaf_samples(65539), 48);
  EXPECT_EQ(group_count(65539), 171);
}

}  // namespace
}  // namespace ppo
