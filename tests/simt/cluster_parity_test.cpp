// A team made of clusters gives the bytes of the CPU engine, too.
#include "ppo/env/cartpole.hpp"
#include "simt/parity_runs.hpp"
#include "simt/small_environments.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo {
namespace {

using simt::Starve;
using simt::Teams;
using testing::expect_parity;
using testing::varied;
using testing::with_hidden_size;

/// A leaf for each block.
Teams clusters(int count) {
  return {.blocks_per_agent = count * kClusterBlocks, .cluster_blocks = kClusterBlocks};
}

/// Minibatches of two groups, the second with a short last leaf.
constexpr Hyper kTwoGroups{{.num_envs = 25, .num_steps = 20, .num_minibatches = 2, .max_episode_steps = 9},
                           {.seed = 21, .lr = 3e-3F, .update_epochs = 2, .anneal_lr = true}};

TEST(SimtClusters, FitWhereEachBlockHasALeafAndEachClusterAGroup) {
  const auto fits = [](const Hyper& hyper, int blocks) {
    return cuda_loops<CartPole, 64>().fits_clusters(hyper, blocks);
  };
  EXPECT_TRUE(fits({}, 128));
  EXPECT_FALSE(fits({}, 64));
  EXPECT_FALSE(fits({}, 132));
  EXPECT_TRUE(fits(kTwoGroups, 16));
  EXPECT_FALSE(fits({{.num_envs = 62}, {}}, 124));  // the last group has four leaves
  EXPECT_GT((cuda_loops<CartPole, 64>().cluster_shared_bytes), (cuda_loops<CartPole, 64>().shared_bytes));
  EXPECT_EQ((cuda_loops<CartPole, 128>().cluster_shared_bytes), 0U);
}

TEST(SimtClusters, TrainAsOneBlockDoes) {
  expect_parity<CartPole>(kTwoGroups, clusters(2), 3, Starve::kNone);
  expect_parity<CartPole>(with_hidden_size(varied(kTwoGroups, 0), 32), clusters(2), 1, Starve::kChanging);
}

TEST(SimtClusters, OfAnySpeed) {
  for (const Starve starve : {Starve::kBlock, Starve::kWarp, Starve::kChanging}) {
    expect_parity<CartPole>(varied(kTwoGroups, 2), clusters(2), 2, starve, 2);
  }
}

TEST(SimtClusters, OfDifferentAgentsInTurn) {
  Teams teams = clusters(2);
  teams.num_agents = 3;
  Population mixed = testing::mixed_population(with_hidden_size(kTwoGroups, 32));
  mixed.agents.resize(3);
  expect_parity<CartPole>(mixed, teams, 2, Starve::kChanging, 2);
}

TEST(SimtClusters, ByThemselves) {
  Hyper hyper = kTwoGroups;
  hyper.num_minibatches = 4;
  expect_parity<CartPole>(hyper, clusters(1), 3, Starve::kChanging);
}

TEST(SimtClusters, WithActionsThatAreNumbers) {
  expect_parity<testing::Reach>(varied(kTwoGroups, 3), clusters(2), 3, Starve::kNone, 2);
  expect_parity<testing::Reach>(with_hidden_size(kTwoGroups, 32), clusters(2), 1, Starve::kWarp, 2);
}

// The rows of the groups' sums take turns: an update that ends after one minibatch, and one that ends after
// two, leave different ones for the next.
TEST(SimtClusters, WhereUpdatesEndEarly) {
  Hyper hyper = kTwoGroups;
  hyper.num_envs = 36;
  hyper.num_steps = 21;
  hyper.num_minibatches = 3;
  hyper.update_epochs = 4;
  hyper.target_kl = 1e-4F;
  expect_parity<CartPole>(hyper, clusters(2), 3, Starve::kChanging);
}

// More groups than are added at once.
TEST(SimtClusters, OfNineGroups) {
  const Hyper hyper{{.num_envs = 72, .num_steps = 16, .num_minibatches = 1},
                    {.seed = 22, .update_epochs = 1}};
  expect_parity<CartPole>(with_hidden_size(hyper, 32), clusters(9), 1, Starve::kNone, 1);
}

TEST(SimtClusters, TakeAgentsInTurn) {
  Teams teams = clusters(1);
  teams.num_agents = 2;
  Hyper hyper = kTwoGroups;
  hyper.num_minibatches = 4;
  expect_parity<CartPole>(with_hidden_size(hyper, 32), teams, 2, Starve::kChanging, 2);
}

// A launch of either kind goes on where one of the other has stopped.
TEST(SimtClusters, ComeAndGoBetweenLaunches) {
  const Hyper hyper = with_hidden_size(varied(kTwoGroups, 1), 32);
  const CudaLoops loops = cuda_loops<CartPole, 32>();
  simt::Training training(loops, population_of(hyper, 1), clusters(2));
  for (const int cluster_blocks : {kClusterBlocks, 1, kClusterBlocks, kClusterBlocks, 1}) {
    training.form_clusters(cluster_blocks);
    training.run(1, {.seed = 5, .starve = Starve::kChanging});
  }
  const auto got = testing::outcomes_of<CartPole>(training, hyper, 1);
  testing::expect_same(testing::expected<CartPole>(hyper, 1, 5)[0], got[0]);
}

}  // namespace
}  // namespace ppo
