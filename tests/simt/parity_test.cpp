// The training kernels, run on the CPU thread by thread in random orders, give the bytes of the CPU engine:
// whatever the teams, however many agents take turns, in any shape. environment_parity_test.cpp has
// environments of other kinds.
#include "examples/my_env.hpp"
#include "kernels/variants.hpp"
#include "ppo/env/cartpole.hpp"
#include "simt/parity_runs.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo {
namespace {

using simt::Starve;
using simt::Teams;
using testing::emulated;
using testing::expect_parity;
using testing::expected;
using testing::hyper_of;
using testing::kUpdates;
using testing::outcomes_of;
using testing::varied;

/// Those that the emulator gets through in seconds, of sizes that have kernels.
std::vector<test::Shape> small_shapes() {
  std::vector<test::Shape> small;
  std::copy_if(
      std::begin(test::kShapes), std::end(test::kShapes), std::back_inserter(small),
      [](const test::Shape& shape) { return shape.hyper.num_envs < 1000 && shape.hyper.hidden_size <= 128; });
  return small;
}

class SimtParity : public ::testing::TestWithParam<test::Shape> {};

TEST_P(SimtParity, TeamsOfAnySize) {
  const Hyper& hyper = GetParam().hyper;
  expect_parity<CartPole>(hyper, {.blocks_per_agent = 1}, 3, Starve::kNone);
  expect_parity<CartPole>(hyper, {.blocks_per_agent = 2}, 1, Starve::kChanging);
  expect_parity<CartPole>(hyper, {.blocks_per_agent = 5}, 3, Starve::kBlock);
}

TEST_P(SimtParity, AnotherEnvironment) {
  expect_parity<MyEnv>(GetParam().hyper, {.blocks_per_agent = 3}, 1, Starve::kWarp);
}

INSTANTIATE_TEST_SUITE_P(Shapes, SimtParity, ::testing::ValuesIn(small_shapes()),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST(SimtParity, EveryVariant) {
  const Hyper hyper = hyper_of("seven_by_thirtythree");
  const auto want = expected<CartPole>(hyper, 1, kUpdates);
  for (const KernelVariant& variant : kKernelVariants) {
    for (const Starve starve : {Starve::kNone, Starve::kBlock, Starve::kChanging}) {
      SCOPED_TRACE(variant.name);
      const auto got = emulated<CartPole>(hyper, {.blocks_per_agent = 3}, kUpdates, kUpdates,
                                          {.seed = 4, .starve = starve}, variant.bit);
      testing::expect_same(want[0], got[0]);
    }
  }
}

TEST(SimtParity, TargetKlEndsAnUpdateEarly) {
  const Hyper hyper = hyper_of("all_options");
  const auto want = expected<CartPole>(hyper, 1, kUpdates);
  const bool early = std::any_of(want[0].rows.begin(), want[0].rows.end(),
                                 [&](const UpdateRow& row) { return row.epochs < hyper.update_epochs; });
  EXPECT_TRUE(early) << "no shape tries it";
}

TEST(SimtPopulation, TrainsSideBySideAndInTurn) {
  const Hyper hyper = hyper_of("seven_by_thirtythree");
  expect_parity<CartPole>(hyper, {.num_agents = 3, .num_teams = 3, .blocks_per_agent = 1}, 3, Starve::kNone);
  expect_parity<CartPole>(hyper, {.num_agents = 3, .num_teams = 3, .blocks_per_agent = 2}, 1,
                          Starve::kChanging);
  expect_parity<CartPole>(hyper, {.num_agents = 5, .num_teams = 2, .blocks_per_agent = 1}, 3,
                          Starve::kChanging);
  expect_parity<CartPole>(hyper, {.num_agents = 3, .num_teams = 1, .blocks_per_agent = 2}, 1, Starve::kBlock);
}

// Those that keep running statistics and those that do not use the workspace of a team in turn.
TEST(SimtPopulation, OfDifferentAgentsIsTheirSingleRuns) {
  const Population mixed = testing::mixed_population(hyper_of("seven_by_thirtythree"));
  expect_parity<CartPole>(mixed, {.num_agents = 5, .num_teams = 5, .blocks_per_agent = 1}, 3, Starve::kNone);
  expect_parity<CartPole>(mixed, {.num_agents = 5, .num_teams = 2, .blocks_per_agent = 2}, 1,
                          Starve::kChanging);
}

// In an order that gives them to other teams, and at last fewer than there are teams.
TEST(SimtPopulation, TrainsThoseOnTheList) {
  const Hyper hyper = hyper_of("seven_by_thirtythree");
  static const CudaKernels kernels = cuda_kernels<CartPole>();
  const testing::Lifetimes lifetimes = {1, 1, 2, 4, 2};
  const auto want = testing::single_runs(testing::kLoops<CartPole>, hyper, lifetimes, 4);
  for (const Teams& teams : {Teams{5, 1, 2}, Teams{5, 2, 2}, Teams{5, 5, 1}}) {
    SCOPED_TRACE(::testing::Message() << teams.num_teams << " teams of " << teams.blocks_per_agent);
    simt::Training training(*kernels.find(hyper.hidden_size), population_of(hyper, teams.num_agents), teams);
    training.run(1, {.seed = 1, .starve = Starve::kChanging});
    training.train_only({4, 2, 3});
    training.run(1, {.seed = 2, .starve = Starve::kBlock});
    training.train_only({3});
    training.run(2, {.seed = 3});
    const auto got = outcomes_of<CartPole>(training, hyper, teams.num_agents);
    for (std::size_t k = 0; k < want.size(); ++k) testing::expect_same(want[k], got[k]);
  }
}

class SimtSizes : public ::testing::TestWithParam<int> {};

TEST_P(SimtSizes, OfNetworksByWarpsAndByQuartets) {
  Hyper hyper = hyper_of("two_groups");
  hyper.hidden_size = GetParam();
  expect_parity<CartPole>(hyper, {.blocks_per_agent = 1}, 3, Starve::kNone);
  expect_parity<CartPole>(varied(hyper, 0), {.blocks_per_agent = 5}, 1, Starve::kBlock);
  expect_parity<CartPole>(varied(hyper, 1), {.num_agents = 2, .num_teams = 1, .blocks_per_agent = 2}, 3,
                          Starve::kChanging);
}

// Leaves of 32 samples: a chain goes on from one tile to the next, in registers or through memory.
TEST_P(SimtSizes, WithLeavesOfTwoTiles) {
  Hyper hyper = hyper_of("leaves_of_32");
  hyper.hidden_size = GetParam();
  expect_parity<CartPole>(hyper, {.blocks_per_agent = 3}, 1, Starve::kNone, 1);
}

INSTANTIATE_TEST_SUITE_P(Hidden, SimtSizes, ::testing::ValuesIn(kHiddenSizes),
                         [](const auto& size) { return std::to_string(size.param); });

// More chunks of environments than a warp has lanes.
TEST(SimtParity, StatisticsOfManyEnvironments) {
  Hyper hyper{{.num_envs = 531, .num_steps = 2, .num_minibatches = 9}, {.seed = 13, .update_epochs = 1}};
  expect_parity<CartPole>(varied(hyper, 2), {.blocks_per_agent = 2}, 3, Starve::kNone);
}

// Launch::patience: who waits longer ends the launch.
TEST(SimtParity, ABlockThatWaitsTooLongGivesUp) {
  const CudaLoops loops = cuda_loops<CartPole, 32>();
  simt::Training training(loops, population_of(testing::with_hidden_size(hyper_of("two_groups"), 32), 1),
                          {.blocks_per_agent = 2});
  training.set_patience(1);
  try {
    training.run(1, {.seed = 3, .starve = Starve::kBlock});
    ADD_FAILURE() << "it waited";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the kernel gave up");
  }
}

}  // namespace
}  // namespace ppo
