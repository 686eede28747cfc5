#include "sweep/sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "config/toml_writer.hpp"
#include "engine/engine.hpp"
#include "sweep/folder/state_file.hpp"
#include "sweep/folder/sweep_json.hpp"
#include "sweep/folder/tables.hpp"
#include "sweep/ranking.hpp"
#include "sweeps.hpp"
#include "temporary_folder.hpp"

namespace ppo {
namespace {

std::string results(const SweepConfig& sweep, const SweepState& state) {
  return trials_csv(sweep, state) + curves_csv(state) + confirmed_csv(sweep, state) +
         sweep_json(sweep, state);
}

SweepState swept(const SweepConfig& sweep) {
  SweepState state = first_state(sweep);
  test::Patient watch;
  EXPECT_TRUE(advance(sweep, state, watch));
  EXPECT_TRUE(is_complete(sweep, state));
  return state;
}

class SweepMethods : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, SweepMethods, testing::Values("random", "halving", "pbt"));

TEST_P(SweepMethods, GivesTheSameBytesWithAnyNumberOfThreads) {
  SweepConfig sweep = test::small_sweep(GetParam());
  const std::string one = results(sweep, swept(sweep));
  sweep.config.run.threads = 3;
  EXPECT_EQ(results(sweep, swept(sweep)), one);
}

/// Stops whenever it may, and gives evaluations up: each time a little later, so that the longest ends, too.
struct Impatient : test::Patient {
  bool is_stopped() override {
    if (++looks < patience) return false;
    looks = 0;
    ++patience;
    return true;
  }
  bool is_due() override { return ++dues % 2 == 0; }  // in between it trains
  bool rest() override { return false; }
  bool passed() override { return false; }

  int dues = 0;
  int looks = 0;
  int patience = 3;
};

TEST_P(SweepMethods, GoesOnFromAFileAsIfItHadNeverStopped) {
  const SweepConfig sweep = test::small_sweep(GetParam());
  const std::string straight = results(sweep, swept(sweep));
  const test::TemporaryFolder folder;
  SweepState state = first_state(sweep);
  int stops = 0;
  for (Impatient watch; !advance(sweep, state, watch); ++stops) {
    const auto file = folder.write("state.safetensors", state_file(sweep, state));
    state = read_state(sweep, file);
  }
  EXPECT_GT(stops, 20);
  EXPECT_EQ(results(sweep, state), straight);
}

TEST(Sweep, GoesOnWithGroupsOfAnotherSize) {
  SweepConfig sweep = test::small_sweep("halving", "return_100");
  sweep.plan.space = {sweep.plan.space.front()};
  sweep.plan.trials = 6;
  sweep.plan.grace_steps = 32'768;
  sweep.config.hyper.num_envs = 64;
  sweep.config.hyper.num_steps = 256;
  sweep.config.hyper.total_timesteps = 65'536;
  ASSERT_LT(most_agents_at_once(sweep.config), 6 * 2);
  const std::string straight = results(sweep, swept(sweep));
  SweepState state = first_state(sweep);
  Impatient watch;
  for (int i = 0; i < 5; ++i) ASSERT_FALSE(advance(sweep, state, watch));
  sweep.config.run.threads = 3;
  ASSERT_GE(most_agents_at_once(sweep.config), 6 * 2);
  test::Patient rest;
  EXPECT_TRUE(advance(sweep, state, rest));
  sweep.config.run.threads = 1;
  EXPECT_EQ(results(sweep, state), straight);
}

TEST(Sweep, TrialZeroIsTheConfigAsItStands) {
  const SweepConfig sweep = test::small_sweep();
  const SweepState state = first_state(sweep);
  EXPECT_EQ(to_toml(state.trials[0].config), to_toml(sweep.config));
  EXPECT_NE(to_toml(state.trials[1].config), to_toml(sweep.config));
}

TEST(Sweep, AnAgentIsThatOfItsOwnRun) {
  SweepConfig sweep = test::small_sweep("random");
  SweepState state = first_state(sweep);
  struct AtTheEnd : test::Patient {
    bool passed() override { return false; }
    bool is_due() override { return true; }
    bool rest() override {
      states = state->trials;
      return true;
    }
    const SweepState* state = nullptr;
    std::vector<Trial> states;
  } watch;
  watch.state = &state;
  advance(sweep, state, watch);
  for (const std::size_t number : {0U, 5U, 11U}) {
    const Trial& trial = watch.states[number];
    Config config = trial.config;
    config.hyper.seed = trial.agents[1].seed;
    const auto engine = make_engine(config);
    engine->run(num_updates(config.hyper));
    ASSERT_TRUE(trial.agents[1].state) << number;
    EXPECT_EQ(engine->save(0).params, trial.agents[1].state->params) << number;
    EXPECT_EQ(engine->save(0).moment2, trial.agents[1].state->moment2) << number;
  }
}

TEST(Sweep, ConfirmsTheBestAndTrialZeroWithSeedsThatItNeverUsed) {
  const SweepConfig sweep = test::small_sweep();
  const SweepState state = swept(sweep);
  ASSERT_GE(state.confirmed.size(), 2U);
  ASSERT_LE(state.confirmed.size(), 3U);
  EXPECT_EQ(std::ranges::count(state.confirmed, 0, &Trial::number), 1);
  for (const Trial& trial : state.confirmed) {
    std::vector<std::uint64_t> seeds;
    for (const SweepAgent& agent : trial.agents) seeds.push_back(agent.seed);
    EXPECT_EQ(seeds, (std::vector<std::uint64_t>{44, 45, 46}));
  }
}

TEST(Sweep, ConfirmsEqualConfigsOnce) {
  SweepConfig sweep = test::small_sweep("random");
  sweep.plan.space = {sweep.plan.space[2]};  // norm_obs: true or false
  sweep.plan.trials = 8;
  const SweepState state = swept(sweep);
  ASSERT_EQ(state.confirmed.size(), 2U);
  EXPECT_NE(value_texts(state.confirmed[0].config, sweep.plan.space),
            value_texts(state.confirmed[1].config, sweep.plan.space));
}

TEST(Sweep, ComparesReturnsBeforeAHundredEpisodesHaveEnded) {
  SweepConfig sweep = test::small_sweep("halving", "return_100");
  sweep.plan.grace_steps = 256;
  sweep.config.hyper.total_timesteps = 1024;
  const SweepState state = swept(sweep);
  for (const Trial& trial : state.trials) {
    EXPECT_TRUE(score_of(sweep.plan, 0, trial).median) << trial.number;
  }
}

TEST(Sweep, ADivergedTrialIsARowAndNotAnEnd) {
  SweepConfig sweep = test::small_sweep("random");
  sweep.config.hyper.vf_coef = 1e30F;
  sweep.config.hyper.max_grad_norm = 1e30F;
  const SweepState state = swept(sweep);
  EXPECT_EQ(state.trials[3].state, Trial::State::diverged);
  EXPECT_NE(trials_csv(sweep, state).find(",diverged,"), std::string::npos);
  EXPECT_EQ(state.confirmed.size(), 1U);  // trial 0, to be compared with
}

TEST(Sweep, CopiesOfPopulationBasedTrainingAreInTheSchedule) {
  const SweepConfig sweep = test::small_sweep("pbt");
  const SweepState state = swept(sweep);
  std::size_t longest = 0;
  for (const Trial& trial : state.trials) {
    EXPECT_EQ(trial.schedule.front().steps, 0);
    EXPECT_EQ(trial.schedule.back().values, value_texts(trial.config, sweep.plan.space));
    longest = std::max(longest, trial.schedule.size());
  }
  EXPECT_GE(longest, 2U);
}

TEST(SweepStateFile, OfAnotherSweepIsRefused) {
  SweepConfig sweep = test::small_sweep();
  const test::TemporaryFolder folder;
  const auto file = folder.write("state.safetensors", state_file(sweep, first_state(sweep)));
  sweep.plan.trials = 8;
  EXPECT_THROW(read_state(sweep, file), Failure);
}

TEST(SweepStateFile, WithAnyByteChangedIsRefused) {
  SweepConfig sweep = test::small_sweep();
  sweep.plan.trials = 2;
  SweepState state = first_state(sweep);
  Impatient watch;
  advance(sweep, state, watch);
  const std::string bytes = state_file(sweep, state);
  const test::TemporaryFolder folder;
  for (std::size_t place = 0; place < bytes.size(); place += bytes.size() / 50) {
    std::string damaged = bytes;
    damaged[place] = static_cast<char>(damaged[place] ^ 4);
    EXPECT_THROW(read_state(sweep, folder.write("damaged", damaged)), Failure) << place;
  }
}

}  // namespace
}  // namespace ppo
