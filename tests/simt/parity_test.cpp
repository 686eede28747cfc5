// The training kernels, run on the CPU thread by thread in random orders, give the bytes of the CPU engine:
// whatever the teams, however many agents take turns, in any environment and any shape.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "examples/my_env.hpp"
#include "kernels/loops.hpp"
#include "kernels/variants.hpp"
#include "parity/shapes.hpp"
#include "ppo/env/cartpole.hpp"
#include "simt/small_environments.hpp"
#include "simt/training.hpp"
#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/hard_environments.hpp"

namespace ppo {
namespace {

using simt::Starve;
using simt::Teams;

constexpr std::int64_t kUpdates = 3;

Hyper hyper_of(std::string_view name) {
  const auto same = [&](const test::Shape& shape) { return shape.name == name; };
  return std::find_if(std::begin(test::kShapes), std::end(test::kShapes), same)->hyper;
}

template <class Env>
std::vector<testing::Outcome> expected(const Hyper& hyper, std::int64_t num_agents, std::int64_t updates) {
  static constexpr EnvironmentLoops kLoops = reference::loops<Env>("test");
  CpuEngine engine(kLoops, hyper, num_agents, EngineInfo{"cpu", "test", 1}, {.trace = true});
  return testing::run(engine, num_agents, updates, updates);
}

template <class Env>
std::vector<testing::Outcome> outcomes_of(const simt::Training& training, const Hyper& hyper,
                                          std::int64_t num_agents) {
  const auto agents = static_cast<std::size_t>(num_agents);
  std::vector<testing::Outcome> outcomes(agents);
  for (std::size_t i = 0; i < training.rows().size(); ++i)
    outcomes[i % agents].rows.push_back(training.rows()[i]);
  for (std::size_t k = 0; k < agents; ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    const float* params = training.params(agent);
    outcomes[k].params.assign(params, params + layout_of<Env>(hyper.hidden_size).size());
    outcomes[k].trace = training.trace_hash(agent);
  }
  return outcomes;
}

template <class Env>
std::vector<testing::Outcome> emulated(const Hyper& hyper, const Teams& teams, std::int64_t updates,
                                       std::int64_t per_launch, simt::Schedule schedule,
                                       std::uint32_t variants = 0) {
  static const CudaKernels kernels = cuda_kernels<Env>();
  simt::Training training(*kernels.find(hyper.hidden_size), hyper, teams);
  training.set_variants(variants);
  for (std::int64_t done = 0; done < updates; done += per_launch, ++schedule.seed) {
    training.run(std::min(per_launch, updates - done), schedule);
  }
  return outcomes_of<Env>(training, hyper, teams.num_agents);
}

template <class Env>
void expect_parity(const Hyper& hyper, const Teams& teams, std::int64_t per_launch, Starve starve,
                   std::int64_t updates = kUpdates) {
  SCOPED_TRACE(::testing::Message() << teams.num_agents << " agents, " << teams.num_teams << " teams of "
                                    << teams.blocks_per_agent << ", " << per_launch << " updates a launch, "
                                    << hyper.hidden_size << " units");
  const simt::Schedule schedule{.seed = hyper.seed + static_cast<std::uint64_t>(teams.blocks_per_agent),
                                .starve = starve};
  const auto want = expected<Env>(hyper, teams.num_agents, updates);
  const auto got = emulated<Env>(hyper, teams, updates, per_launch, schedule);
  for (std::size_t k = 0; k < want.size(); ++k) testing::expect_same(want[k], got[k]);
}

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

// In an order that gives them to other teams, and at last fewer than there are teams.
TEST(SimtPopulation, TrainsThoseOnTheList) {
  const Hyper hyper = hyper_of("seven_by_thirtythree");
  static const CudaKernels kernels = cuda_kernels<CartPole>();
  const testing::Lifetimes lifetimes = {1, 1, 2, 4, 2};
  const auto want = testing::single_runs(testing::kLoops<CartPole>, hyper, lifetimes, 4);
  for (const Teams& teams : {Teams{5, 1, 2}, Teams{5, 2, 2}, Teams{5, 5, 1}}) {
    SCOPED_TRACE(::testing::Message() << teams.num_teams << " teams of " << teams.blocks_per_agent);
    simt::Training training(*kernels.find(hyper.hidden_size), hyper, teams);
    training.run(1, {.seed = 1, .starve = Starve::kChanging});
    training.train_only({4, 2, 3});
    training.run(1, {.seed = 2, .starve = Starve::kBlock});
    training.train_only({3});
    training.run(2, {.seed = 3});
    const auto got = outcomes_of<CartPole>(training, hyper, teams.num_agents);
    for (std::size_t k = 0; k < want.size(); ++k) testing::expect_same(want[k], got[k]);
  }
}

// Sizes that no tile is cut for: many observations, and more outputs than a quartet's halves hold.
TEST(SimtParity, OtherSizesOfObservationAndAction) {
  expect_parity<testing::NameIt>(hyper_of("two_groups"), {.blocks_per_agent = 2}, 3, Starve::kChanging);
  expect_parity<testing::CostlyStart>(hyper_of("all_options"), {.blocks_per_agent = 2}, 3, Starve::kChanging);
}

/// Both activations and all combinations of the running statistics, in turn.
Hyper varied(Hyper hyper, int turn) {
  hyper.activation = turn % 2 == 0 ? Activation::relu : Activation::tanh;
  hyper.norm_obs = turn % 3 != 1;
  hyper.norm_reward = turn % 3 != 0;
  hyper.log_std_init = -0.5F;
  return hyper;
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

TEST_P(SimtSizes, WithActionsThatAreNumbers) {
  Hyper hyper = hyper_of("two_groups");
  hyper.hidden_size = GetParam();
  expect_parity<testing::Reach>(hyper, {.blocks_per_agent = 2}, 3, Starve::kNone);
  expect_parity<testing::Reach>(varied(hyper, 2), {.blocks_per_agent = 1}, 1, Starve::kChanging);
  expect_parity<testing::Reach>(varied(hyper, 3), {.num_agents = 2, .num_teams = 2, .blocks_per_agent = 5}, 3,
                                Starve::kWarp);
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
  Hyper hyper{.seed = 13, .num_envs = 531, .num_steps = 2, .num_minibatches = 9, .update_epochs = 1};
  expect_parity<CartPole>(varied(hyper, 2), {.blocks_per_agent = 2}, 3, Starve::kNone);
}

TEST(SimtParity, TheFirstFaultIsTheSame) {
  for (const int num_envs : {3, 40}) {
    const Hyper hyper{.seed = 4, .num_envs = num_envs, .num_steps = 9, .num_minibatches = 1};
    const Fault want = expected<testing::Faulty>(hyper, 1, 1)[0].rows[0].fault;
    const Fault got = emulated<testing::Faulty>(hyper, {.blocks_per_agent = 2}, 1, 1, {})[0].rows[0].fault;
    EXPECT_EQ(want.any, 1);
    EXPECT_EQ(std::memcmp(&want, &got, sizeof want), 0) << num_envs;
  }
}

// An agent stops learning there, whatever is left of the launch; the others go on.
TEST(SimtParity, AfterAFaultNothingIsLearned) {
  using Env = testing::Brittle<testing::Hover<1>, 300>;
  Hyper hyper{.seed = 3, .num_envs = 7, .num_steps = 9, .num_minibatches = 1, .update_epochs = 1};
  hyper.norm_obs = hyper.norm_reward = true;
  hyper.hidden_size = 32;
  constexpr std::int64_t kLong = 9;
  const auto want = expected<Env>(hyper, 3, kLong);
  std::set<std::int64_t> stops;
  for (const auto& agent : want) stops.insert(agent.rows.back().update);
  EXPECT_GT(stops.size(), 1U);
  EXPECT_LT(*stops.begin(), kLong - 1);
  for (const std::int64_t per_launch : {1, 4, 9}) {
    expect_parity<Env>(hyper, {.num_agents = 3, .num_teams = 2, .blocks_per_agent = 2}, per_launch,
                       Starve::kChanging, kLong);
  }
}

}  // namespace
}  // namespace ppo
