// The training kernels under the emulator give the bytes of the CPU engine in environments of all kinds: with
// actions that are numbers, with many observations and actions, with faults.
#include <set>

#include "simt/parity_runs.hpp"
#include "simt/small_environments.hpp"
#include "unit/engine/mixed_population.hpp"
#include "unit/ppo/hard_environments.hpp"

namespace ppo {
namespace {

using simt::Starve;
using testing::emulated;
using testing::expect_parity;
using testing::expected;
using testing::hyper_of;
using testing::varied;

// Sizes that no tile is cut for: many observations, and more outputs than a quartet's halves hold.
TEST(SimtParity, OtherSizesOfObservationAndAction) {
  expect_parity<testing::NameIt>(hyper_of("two_groups"), {.blocks_per_agent = 2}, 3, Starve::kChanging);
  expect_parity<testing::CostlyStart>(hyper_of("all_options"), {.blocks_per_agent = 2}, 3, Starve::kChanging);
}

class SimtNumbers : public ::testing::TestWithParam<int> {};

TEST_P(SimtNumbers, AsActions) {
  Hyper hyper = hyper_of("two_groups");
  hyper.hidden_size = GetParam();
  expect_parity<testing::Reach>(hyper, {.blocks_per_agent = 2}, 3, Starve::kNone);
  expect_parity<testing::Reach>(varied(hyper, 2), {.blocks_per_agent = 1}, 1, Starve::kChanging);
  expect_parity<testing::Reach>(varied(hyper, 3), {.num_agents = 2, .num_teams = 2, .blocks_per_agent = 5}, 3,
                                Starve::kWarp);
}

INSTANTIATE_TEST_SUITE_P(Hidden, SimtNumbers, ::testing::ValuesIn(kHiddenSizes),
                         [](const auto& size) { return std::to_string(size.param); });

TEST(SimtPopulation, OfDifferentAgentsWhoseActionsAreNumbers) {
  const Population mixed = testing::mixed_population(hyper_of("seven_by_thirtythree"));
  expect_parity<testing::Reach>(mixed, {.num_agents = 5, .num_teams = 1, .blocks_per_agent = 3}, 3,
                                Starve::kBlock);
}

TEST(SimtParity, TheFirstFaultIsTheSame) {
  for (const int num_envs : {3, 40}) {
    const Hyper hyper{{.num_envs = num_envs, .num_steps = 9, .num_minibatches = 1}, {.seed = 4}};
    const Fault want = expected<testing::Faulty>(hyper, 1, 1)[0].rows[0].fault;
    const Fault got = emulated<testing::Faulty>(hyper, {.blocks_per_agent = 2}, 1, 1, {})[0].rows[0].fault;
    EXPECT_EQ(want.any, 1);
    EXPECT_EQ(std::memcmp(&want, &got, sizeof want), 0) << num_envs;
  }
}

// An agent stops learning there, whatever is left of the launch; the others go on.
TEST(SimtParity, AfterAFaultNothingIsLearned) {
  using Env = testing::Brittle<testing::Hover<1>, 300>;
  Hyper hyper{{.num_envs = 7, .num_steps = 9, .num_minibatches = 1}, {.seed = 3, .update_epochs = 1}};
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
