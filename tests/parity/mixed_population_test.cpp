// Agents that differ in all of their tuning train side by side as each of them would alone, to the bit: at
// every level, whatever the threads, when others are done, and after they have been tuned.
#include <gtest/gtest.h>

#include <vector>

#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kUpdates = 4;

using testing::Lifetimes;
using testing::Trained;

struct Case {
  const char* env;
  std::string simd;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* env : {"cartpole", "pendulum"}) {
    for (const std::string& simd : level_names()) all.push_back({env, simd});
  }
  return all;
}

class MixedPopulation : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    try {
      loops_ = &choose_level(environment_, GetParam().simd).loops;
    } catch (const Failure& failure) {
      GTEST_SKIP() << failure.what();
    }
  }

  CpuEngine engine_of(const Population& population, int threads) const {
    return {*loops_, population, EngineInfo{"cpu", "test", threads}, {.trace = true}};
  }

  const Environment& environment_ = *find_environment(GetParam().env);
  const EnvironmentLoops* loops_ = nullptr;  // of the level
  const Population population_ = testing::mixed_population({.total_timesteps = kUpdates * 19 * 12,
                                                            .num_envs = 19,
                                                            .num_steps = 12,
                                                            .num_minibatches = 3,
                                                            .max_episode_steps = 9,
                                                            .hidden_size = 32});
};

TEST_P(MixedPopulation, IsTheSingleRunsOfItsAgents) {
  const Lifetimes all(population_.agents.size(), kUpdates);
  const Trained wanted = testing::trained_alone(*environment_.portable, population_, all, kUpdates);
  for (const int threads : {1, 2, 3}) {
    SCOPED_TRACE(::testing::Message() << threads << " threads");
    CpuEngine engine = engine_of(population_, threads);
    testing::expect_same(wanted, testing::trained_by(engine, all, kUpdates, 2));
  }
}

TEST_P(MixedPopulation, EndsUpdatesWhereEachAgentWants) {
  CpuEngine engine = engine_of(population_, 2);
  const std::span<const UpdateRow> rows = engine.run(kUpdates);
  std::vector<int> early(population_.agents.size());  // updates that ended before their last epoch
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t k = i % early.size();
    early[k] += rows[i].epochs < population_.agents[k].update_epochs ? 1 : 0;
  }
  EXPECT_GT(early[1], 0);
  for (const std::size_t k : {0, 2, 4}) EXPECT_EQ(early[k], 0) << "agent " << k;
}

TEST_P(MixedPopulation, LeavesThoseThatAreDoneAsTheyAre) {
  const Lifetimes lifetimes = {2, kUpdates, 0, kUpdates, 3};
  const Trained wanted = testing::trained_alone(*environment_.portable, population_, lifetimes, kUpdates);
  for (const int threads : {1, 2, 3}) {
    SCOPED_TRACE(::testing::Message() << threads << " threads");
    CpuEngine engine = engine_of(population_, threads);
    testing::expect_same(wanted, testing::trained_by(engine, lifetimes, kUpdates, kUpdates));
  }
}

TEST_P(MixedPopulation, IsTunedAsIfItHadBeenSavedAndLoadedByOneOfTheNewTuning) {
  const Population after = testing::retuned(population_);
  for (const int threads : {1, 2, 3}) {
    SCOPED_TRACE(::testing::Message() << threads << " threads");
    const std::int64_t cut = threads;
    const Trained wanted = testing::trained_anew(*environment_.portable, population_, after, cut, kUpdates);
    CpuEngine engine = engine_of(population_, threads);
    testing::expect_same(wanted, testing::trained_and_tuned(engine, after, cut, kUpdates));
    for (std::int64_t k = 0; k < after.count(); ++k) {
      EXPECT_EQ(static_cast<Tuning>(engine.hyper(k)), after.agents[static_cast<std::size_t>(k)]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, MixedPopulation, ::testing::ValuesIn(cases()), [](const auto& which) {
  return std::string(which.param.env) + "_" + which.param.simd;
});

TEST(MixedPopulations, KnowWhatEachAgentTrainsWith) {
  const Environment& environment = *find_environment("cartpole");
  const Population population = testing::mixed_population({.num_envs = 3, .num_steps = 4});
  CpuEngine engine(*environment.portable, population, EngineInfo{"cpu", "test", 1}, {});
  engine.run(1);
  for (std::int64_t k = 0; k < population.count(); ++k) {
    const Hyper hyper = engine.hyper(k);
    EXPECT_EQ(static_cast<Sizes>(hyper), population.sizes);
    EXPECT_EQ(static_cast<Tuning>(hyper), population.agents[static_cast<std::size_t>(k)]);
    const TrainedPolicy policy = engine.policy(k);
    EXPECT_EQ(static_cast<Tuning>(policy.hyper), static_cast<Tuning>(hyper));
    EXPECT_EQ(policy.moments.empty(), !normalises(hyper)) << k;
  }
}

// A schedule copies states between agents: the seed goes along, what an agent is tuned to stays.
TEST(MixedPopulations, KeepTheirTuningWhenTheyTakeAnothersState) {
  const Environment& environment = *find_environment("cartpole");
  const Population population = testing::mixed_population({.num_envs = 3, .num_steps = 4});
  CpuEngine engine(*environment.portable, population, EngineInfo{"cpu", "test", 1}, {.trace = true});
  engine.run(1);
  engine.load(0, engine.save(1));
  Tuning expected = population.agents[0];
  expected.seed = population.agents[1].seed;
  EXPECT_EQ(static_cast<Tuning>(engine.hyper(0)), expected);
  CpuEngine alone(*environment.portable, {population.sizes, {expected}}, EngineInfo{"cpu", "test", 1},
                  {.trace = true});
  alone.load(0, engine.save(0));
  engine.run(1);
  alone.run(1);
  testing::expect_same(engine.save(0), alone.save(0));
}

}  // namespace
}  // namespace ppo
