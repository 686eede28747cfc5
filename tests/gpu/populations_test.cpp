// Populations: every agent is the run of its own seed, also where teams take several in turn.
#include "gpu/gpu.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo::test {
namespace {

class GpuPopulations : public Gpu {
 protected:
  static constexpr std::int64_t kUpdates = 4;

  /// As many agents by teams of so many blocks; returns the teams.
  int expect_the_cpus_bytes(std::int64_t agents, int blocks) {
    Config config{.env = "cartpole", .hyper = {}, .num_seeds = agents, .evaluation = {}, .run = {}};
    config.hyper = {{.total_timesteps = 2 * kUpdates * 9 * 16,
                     .num_envs = 9,
                     .num_steps = 16,
                     .num_minibatches = 2,
                     .max_episode_steps = 12},
                    {.seed = 3, .lr = 1e-3F, .anneal_lr = true}};
    config.run.blocks_per_agent = blocks;
    const auto wanted = outcomes_of(on_cpu(config), kUpdates, kUpdates);
    const auto engine = make_engine(on_gpu(config), {.trace = true});
    expect_same(wanted, testing::run(*engine, agents, kUpdates, 2));
    return engine->info().num_teams;
  }
};

TEST_F(GpuPopulations, OneBlockAnAgent) {
  expect_the_cpus_bytes(200, 1);
}

TEST_F(GpuPopulations, TwoBlocksAnAgent) {
  expect_the_cpus_bytes(200, 2);
}

TEST_F(GpuPopulations, AsManyBlocksAsTheEngineChooses) {
  expect_the_cpus_bytes(200, 0);
}

TEST_F(GpuPopulations, TheWholeCardForEachInTurn) {
  EXPECT_LT(expect_the_cpus_bytes(3, usable_device().multiprocessors), 3);
}

TEST_F(GpuPopulations, MoreThanFit) {
  // A multiprocessor has registers for one block, or two.
  const std::int64_t agents = std::int64_t{2} * usable_device().multiprocessors + 3;
  EXPECT_LT(expect_the_cpus_bytes(agents, 1), agents);
}

TEST_F(GpuPopulations, WithoutThoseThatAreDone) {
  Config config{.env = "cartpole", .hyper = {{}, {.seed = 3}}, .num_seeds = 200, .evaluation = {}, .run = {}};
  config.hyper.num_envs = 9;
  config.hyper.num_steps = 16;
  config.hyper.num_minibatches = 2;
  testing::Lifetimes lifetimes;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) lifetimes.push_back(k * 7 % (kUpdates + 1));
  const auto wanted =
      testing::single_runs(*find_environment(config.env)->portable, config.hyper, lifetimes, kUpdates);
  for (const int blocks : {1, 2, usable_device().multiprocessors}) {
    SCOPED_TRACE(blocks);
    config.run.blocks_per_agent = blocks;
    const auto engine = make_engine(on_gpu(config), {.trace = true});
    expect_same(wanted, testing::run(*engine, lifetimes, 0, kUpdates, 2));
  }
}

// Agents that differ in all of their tuning, side by side and in turn; then each with the next one's values.
TEST_F(GpuPopulations, OfDifferentAgents) {
  Config config{.env = "pendulum", .hyper = {}, .num_seeds = 5, .evaluation = {}, .run = {}};
  config.hyper = {
      {.total_timesteps = kUpdates * 9 * 16, .num_envs = 9, .num_steps = 16, .num_minibatches = 2}, {}};
  const Population population = testing::mixed_population(config.hyper);
  const Population after = testing::retuned(population);
  const EnvironmentLoops& portable = *find_environment(config.env)->portable;
  const testing::Trained wanted = testing::trained_anew(portable, population, after, 1, kUpdates);
  for (const int blocks : {1, 2, usable_device().multiprocessors}) {
    SCOPED_TRACE(blocks);
    config.run.blocks_per_agent = blocks;
    const auto engine = make_engine(on_gpu(config), population, {.trace = true});
    testing::expect_same(wanted, testing::trained_and_tuned(*engine, after, 1, kUpdates));
  }
}

}  // namespace
}  // namespace ppo::test
