// An agent of a population is the single run of its seed, to the bit, for as long as it trains: at every
// level, with fewer threads than agents, as many, and more, and whenever others are done.
#include <gtest/gtest.h>

#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kUpdates = 4;

constexpr Hyper kHyper{{.total_timesteps = kUpdates * 17 * 12,
                        .num_envs = 17,
                        .num_steps = 12,
                        .num_minibatches = 4,
                        .max_episode_steps = 9},
                       {.seed = 31, .lr = 3e-3F, .anneal_lr = true, .target_kl = 1e-2F}};

using testing::Lifetimes;
using testing::Outcome;

const Lifetimes kAllTrainOn(3, kUpdates);
const Lifetimes kSomeAreDone = {2, kUpdates, 0, kUpdates, 3};

CpuEngine engine_of(const EnvironmentLoops& loops, const Lifetimes& lifetimes, int threads) {
  return {loops,
          population_of(kHyper, static_cast<std::int64_t>(lifetimes.size())),
          EngineInfo{"cpu", "test", threads},
          {.trace = true}};
}

class Populations : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    try {
      loops_ = &choose_level(environment_, GetParam()).loops;
    } catch (const Failure& failure) {
      GTEST_SKIP() << failure.what();
    }
  }

  /// The outcomes are the specification's single runs.
  void expect_single_runs(const Lifetimes& lifetimes, const std::vector<Outcome>& got) const {
    const auto wanted = testing::single_runs(*environment_.portable, kHyper, lifetimes, kUpdates);
    EXPECT_NE(wanted[0].trace, wanted[1].trace);
    ASSERT_EQ(wanted.size(), got.size());
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      SCOPED_TRACE(::testing::Message() << "agent " << k);
      testing::expect_same(wanted[k], got[k]);
    }
  }

  const Environment& environment_ = *find_environment("cartpole");
  const EnvironmentLoops* loops_ = nullptr;  // of the level
};

TEST_P(Populations, IsTheSingleRunsOfItsSeeds) {
  for (const int threads : {1, 2, 3, 8}) {
    SCOPED_TRACE(::testing::Message() << threads << " threads");
    CpuEngine engine = engine_of(*loops_, kAllTrainOn, threads);
    expect_single_runs(kAllTrainOn, testing::run(engine, kAllTrainOn, 0, kUpdates, 2));
  }
}

TEST_P(Populations, LeavesThoseThatAreDoneAsTheyAre) {
  for (const int threads : {1, 2, 3, 5}) {
    for (const std::int64_t per_call : {1, 4}) {
      SCOPED_TRACE(::testing::Message() << threads << " threads, calls of " << per_call);
      CpuEngine engine = engine_of(*loops_, kSomeAreDone, threads);
      expect_single_runs(kSomeAreDone, testing::run(engine, kSomeAreDone, 0, kUpdates, per_call));
    }
  }
}

TEST_P(Populations, IsResumedWithoutThoseThatAreDone) {
  for (const std::int64_t cut : {1, 2, 3}) {  // before, when and after the first is done
    SCOPED_TRACE(cut);
    CpuEngine first = engine_of(*loops_, kSomeAreDone, 2);
    CpuEngine second = engine_of(*environment_.portable, kSomeAreDone, 3);
    expect_single_runs(kSomeAreDone, testing::run_in_two_parts(first, second, kSomeAreDone, cut, kUpdates));
  }
}

INSTANTIATE_TEST_SUITE_P(Simd, Populations, ::testing::ValuesIn(level_names()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace ppo
