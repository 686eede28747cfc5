// An engine that chooses how many threads train takes fewer where more are slower, and its bytes are those of
// any number.
#include <chrono>
#include <thread>

#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::NameIt;

constexpr Hyper kHyper{
    {.num_envs = 6, .num_steps = 8, .num_minibatches = 2, .max_episode_steps = 5, .hidden_size = 4},
    {.seed = 3}};
constexpr std::int64_t kAgents = 3;
constexpr std::int64_t kUpdates = 150;

/// Trains, the slower the more threads do it together.
void update_slowly(const Sizes& sizes, void* agent, const Worker& worker, UpdateRow* row) {
  testing::kLoops<NameIt>.update(sizes, agent, worker, row);
  if (worker.leads()) std::this_thread::sleep_for(std::chrono::microseconds(300 * (worker.count - 1)));
}

TEST(ChosenThreads, AreThoseThatAreFastestAndChangeNoByte) {
  EnvironmentLoops loops = testing::kLoops<NameIt>;
  loops.update = update_slowly;
  EngineInfo info{"cpu", "test", 4};
  info.chooses_threads = true;
  CpuEngine chooses(loops, population_of(kHyper, kAgents), info, {.trace = true});
  CpuEngine alone = testing::make_engine<NameIt>(kHyper, kAgents);
  const auto chosen = testing::run(chooses, kAgents, kUpdates, 1);
  const auto expected = testing::run(alone, kAgents, kUpdates, 1);
  for (std::size_t k = 0; k < expected.size(); ++k) testing::expect_same(chosen[k], expected[k]);
  EXPECT_LT(chooses.info().mean_threads, 3.9);
  EXPECT_GE(chooses.info().mean_threads, 1);
}

TEST(ChosenThreads, AreNotChosenWhereTheirNumberIsGiven) {
  CpuEngine engine(testing::kLoops<NameIt>, population_of(kHyper, 1), EngineInfo{"cpu", "test", 2}, {});
  engine.run(5);
  EXPECT_EQ(engine.info().mean_threads, 0);
}

}  // namespace
}  // namespace ppo
