// Agents that are done: they stay as they are, their rows are empty, and the workers have the others to
// themselves.
#include <mutex>

#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::NameIt;

constexpr Hyper kHyper{
    {.num_envs = 4, .num_steps = 8, .num_minibatches = 2, .max_episode_steps = 5, .hidden_size = 4},
    {.seed = 3}};

TEST(Retire, LeavesTheAgentAsItIs) {
  CpuEngine engine = testing::make_engine<NameIt>(kHyper, 2);
  engine.run(2);
  const AgentState before = engine.save(0);
  const TrainedPolicy policy = engine.policy(0);
  engine.retire(0);
  const std::span<const UpdateRow> rows = engine.run(2);
  EXPECT_EQ(rows[1].update, 2);
  EXPECT_EQ(rows[3].update, 3);
  for (const std::size_t row : {0, 2}) {
    const UpdateRow empty;
    EXPECT_EQ(std::memcmp(&rows[row], &empty, sizeof empty), 0);
  }
  testing::expect_same(before, engine.save(0));
  EXPECT_TRUE(testing::same_bytes(policy.params, engine.policy(0).params));
  EXPECT_EQ(engine.save(1).update, 4);
}

TEST(Retire, TakesAStateAndDoesNotTrainIt) {
  CpuEngine trained = testing::make_engine<NameIt>(kHyper);
  trained.run(3);
  CpuEngine engine = testing::make_engine<NameIt>(kHyper);
  engine.retire(0);
  engine.load(0, trained.save(0));
  engine.run(1);
  testing::expect_same(engine.save(0), trained.save(0));
}

/// Trains nothing: the row counts the calls for an agent and says by how many workers they are.
void count_workers(const Sizes&, void*, const Worker& worker, UpdateRow* row) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  ++row->episodes;
  row->epochs = worker.count;
}

TEST(Retire, DealsOutTheOthersToAllWorkers) {
  EnvironmentLoops loops = testing::kLoops<NameIt>;
  loops.update = count_workers;
  CpuEngine engine(loops, population_of(kHyper, 5), EngineInfo{"cpu", "test", 2}, {});
  const auto workers = [&] {
    std::vector<int> counts;
    for (const UpdateRow& row : engine.run(1)) {
      EXPECT_EQ(row.episodes, row.epochs);
      counts.push_back(row.epochs);
    }
    return counts;
  };
  EXPECT_EQ(workers(), (std::vector{1, 1, 1, 1, 2}));
  engine.retire(1);
  EXPECT_EQ(workers(), (std::vector{1, 0, 1, 1, 1}));
  engine.retire(4);
  engine.retire(4);
  EXPECT_EQ(workers(), (std::vector{1, 0, 1, 2, 0}));
  engine.retire(0);
  engine.retire(2);
  EXPECT_EQ(workers(), (std::vector{0, 0, 0, 2, 0}));
  engine.retire(3);
  EXPECT_EQ(workers(), (std::vector{0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace ppo
