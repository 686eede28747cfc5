// Agents that differ in all of their tuning, on the stand-in: each of them as if it were alone, although
// those that keep running statistics and those that do not use the workspace of a team in turn.
#include "cuda/stand_in_runs.hpp"
#include "kernels/launch.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo::test {
namespace {

using testing::Lifetimes;
using testing::Trained;

constexpr std::int64_t kUpdates = 4;
const Lifetimes kSomeAreDone = {2, kUpdates, 0, kUpdates, 3};

Population population_of_run(const Config& config) {
  Sizes sizes = config.hyper;
  sizes.hidden_size = 32;
  sizes.max_episode_steps = 4;
  return testing::mixed_population(sizes);
}

Config run_of(const std::string& env) {
  Config config = short_run();
  config.env = env;
  config.hyper.hidden_size = 32;
  return config;
}

/// Installs as many multiprocessors as that takes.
std::unique_ptr<Engine> engine_of(Config config, const Population& population, int num_teams,
                                  int blocks_per_agent) {
  stand_in::install({.multiprocessors = num_teams * blocks_per_agent});
  config.run.blocks_per_agent = blocks_per_agent;
  auto engine = make_engine(config, population, {.trace = true});
  EXPECT_EQ(engine->info().num_teams, num_teams);
  return engine;
}

class CudaMixedPopulations : public OnStandIn, public ::testing::WithParamInterface<const char*> {
 protected:
  const Config config_ = run_of(GetParam());
  const Population population_ = population_of_run(config_);
  const EnvironmentLoops& portable_ = *find_environment(config_.env)->portable;
};

struct Teams {
  int num_teams, blocks_per_agent;
};

TEST_P(CudaMixedPopulations, AreTheSingleRunsOfTheirAgents) {
  for (const Lifetimes& lifetimes : {Lifetimes(5, kUpdates), kSomeAreDone}) {
    const Trained wanted = testing::trained_alone(portable_, population_, lifetimes, kUpdates);
    for (const Teams& teams : {Teams{1, 2}, Teams{2, 1}, Teams{5, 1}}) {
      SCOPED_TRACE(::testing::Message() << teams.num_teams << " teams of " << teams.blocks_per_agent);
      const auto engine = engine_of(config_, population_, teams.num_teams, teams.blocks_per_agent);
      testing::expect_same(wanted, testing::trained_by(*engine, lifetimes, kUpdates, 2));
    }
  }
}

TEST_P(CudaMixedPopulations, AreTunedAsIfTheyHadBeenSavedAndLoadedByOnesOfTheNewTuning) {
  const Population after = testing::retuned(population_);
  for (const std::int64_t cut : {1, 3}) {
    SCOPED_TRACE(cut);
    const Trained wanted = testing::trained_anew(portable_, population_, after, cut, kUpdates);
    const auto engine = engine_of(config_, population_, 2, 1);
    testing::expect_same(wanted, testing::trained_and_tuned(*engine, after, cut, kUpdates));
    for (std::int64_t k = 0; k < after.count(); ++k) {
      EXPECT_EQ(static_cast<Tuning>(engine->hyper(k)), after.agents[static_cast<std::size_t>(k)]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Environments, CudaMixedPopulations, ::testing::Values("cartpole", "pendulum"),
                         [](const auto& name) { return std::string(name.param); });

using CudaPopulation = OnStandIn;

TEST_F(CudaPopulation, KeepsItsTuningWhenItTakesAnothersState) {
  const Config config = run_of("cartpole");
  const Population population = population_of_run(config);
  const auto engine = engine_of(config, population, 2, 1);
  engine->run(1);
  engine->load(0, engine->save(1));
  Population expected{population.sizes, {population.agents[0]}};
  expected.agents[0].seed = population.agents[1].seed;
  EXPECT_EQ(static_cast<Tuning>(engine->hyper(0)), expected.agents[0]);
  CpuEngine alone(*find_environment("cartpole")->portable, expected, EngineInfo{"cpu", "test", 1},
                  {.trace = true});
  alone.load(0, engine->save(0));
  engine->run(1);
  alone.run(1);
  testing::expect_same(alone.save(0), engine->save(0));
}

// Two agents in turn by the clusters of one team.
TEST_F(CudaPopulation, OfDifferentAgentsTrainsInClusters) {
  constexpr std::int64_t kInClusters = 2;
  Config config = run_of("cartpole");
  config.hyper.num_envs = 25;
  config.hyper.num_steps = 20;
  config.hyper.total_timesteps = kInClusters * batch_size(config.hyper);
  config.run.blocks_per_agent = 2 * kClusterBlocks;
  Population population = population_of_run(config);
  population.agents.resize(3);
  stand_in::install({.multiprocessors = 16, .multiprocessors_of_part = 8});
  const auto engine = make_engine(config, population, {.trace = true});
  const Lifetimes all(3, kInClusters);
  testing::expect_same(
      testing::trained_alone(*find_environment("cartpole")->portable, population, all, kInClusters),
      testing::trained_by(*engine, all, kInClusters, 1));
  EXPECT_EQ(stand_in::launched_cluster_blocks(), kClusterBlocks);
}

}  // namespace
}  // namespace ppo::test
