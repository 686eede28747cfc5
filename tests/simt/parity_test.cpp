// The training kernels, run on the CPU thread by thread in random orders, give the bytes of the CPU engine:
// whatever the teams, however many agents take turns, in any environment and any shape.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "examples/my_env.hpp"
#include "kernels/loops.hpp"
#include "parity/shapes.hpp"
#include "ppo/env/cartpole.hpp"
#include "simt/training.hpp"
#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

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
std::vector<testing::Outcome> expected(const Hyper& hyper, std::int64_t num_agents) {
  CpuEngine engine = testing::make_engine<Env, 64>(hyper, num_agents);
  return testing::run(engine, num_agents, kUpdates, kUpdates);
}

template <class Env>
std::vector<testing::Outcome> emulated(const Hyper& hyper, const Teams& teams, std::int64_t per_launch,
                                       simt::Schedule schedule) {
  const CudaLoops loops = cuda_loops<Env, 64>();
  simt::Training training(loops, hyper, teams);
  for (std::int64_t done = 0; done < kUpdates; done += per_launch, ++schedule.seed) {
    training.run(std::min(per_launch, kUpdates - done), schedule);
  }
  const auto agents = static_cast<std::size_t>(teams.num_agents);
  std::vector<testing::Outcome> outcomes(agents);
  for (std::size_t i = 0; i < training.rows().size(); ++i)
    outcomes[i % agents].rows.push_back(training.rows()[i]);
  for (std::size_t k = 0; k < agents; ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    outcomes[k].params.assign(training.params(agent), training.params(agent) + Agent<Env, 64>::P);
    outcomes[k].trace = training.trace_hash(agent);
  }
  return outcomes;
}

template <class Env>
void expect_parity(const Hyper& hyper, const Teams& teams, std::int64_t per_launch, Starve starve) {
  SCOPED_TRACE(::testing::Message() << teams.num_agents << " agents, " << teams.num_teams << " teams of "
                                    << teams.blocks_per_agent << ", " << per_launch << " updates a launch");
  const simt::Schedule schedule{.seed = hyper.seed + static_cast<std::uint64_t>(teams.blocks_per_agent),
                                .starve = starve};
  const auto want = expected<Env>(hyper, teams.num_agents);
  const auto got = emulated<Env>(hyper, teams, per_launch, schedule);
  for (std::size_t k = 0; k < want.size(); ++k) testing::expect_same(want[k], got[k]);
}

/// Those that the emulator gets through in seconds.
std::vector<test::Shape> small_shapes() {
  std::vector<test::Shape> small;
  std::copy_if(std::begin(test::kShapes), std::end(test::kShapes), std::back_inserter(small),
               [](const test::Shape& shape) { return shape.hyper.num_envs < 1000; });
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

TEST(SimtParity, TargetKlEndsAnUpdateEarly) {
  const Hyper hyper = hyper_of("all_options");
  const auto want = expected<CartPole>(hyper, 1);
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

// Sizes that no tile is cut for: many observations, and more outputs than a quartet's halves hold.
TEST(SimtParity, OtherSizesOfObservationAndAction) {
  expect_parity<testing::NameIt>(hyper_of("two_groups"), {.blocks_per_agent = 2}, 3, Starve::kChanging);
  expect_parity<testing::CostlyStart>(hyper_of("all_options"), {.blocks_per_agent = 2}, 3, Starve::kChanging);
}

// Leaves of 32 samples: a chain goes on from one tile to the next.
TEST(SimtParity, LeavesOfTwoTiles) {
  const Hyper hyper = hyper_of("leaves_of_32");
  CpuEngine engine = testing::make_engine<CartPole, 64>(hyper);
  const auto want = testing::run(engine, 1, 1, 1);
  const CudaLoops loops = cuda_loops<CartPole, 64>();
  simt::Training training(loops, hyper, {.blocks_per_agent = 3});
  training.run(1, {.seed = 9});
  EXPECT_TRUE(testing::same_bytes(want[0].rows, training.rows()));
  EXPECT_EQ(std::memcmp(want[0].params.data(), training.params(0), want[0].params.size() * sizeof(float)), 0);
}

}  // namespace
}  // namespace ppo
