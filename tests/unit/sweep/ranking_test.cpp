#include "sweep/ranking.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sweep/halving.hpp"
#include "sweeps.hpp"

namespace ppo {
namespace {

/// A sweep whose trials have ended: the control, cut at 1,024 steps, with `of_control` as its best
/// evaluation, trial 0 with `of_kept`, and all others cut.
SweepState ended(const SweepConfig& sweep, double of_control, double of_kept) {
  SweepState state;
  const std::vector<bool> is_control = find_control(sweep);
  for (std::size_t number = 0; number < is_control.size(); ++number) {
    const bool is_kept = number == 0;
    Trial trial = test::trial_with({test::agent_with({is_kept ? of_kept : of_control})});
    trial.number = static_cast<std::int64_t>(number);
    trial.state = is_kept || is_control[number] ? Trial::State::finished : Trial::State::cut;
    if (!is_kept) trial.cut_at = 1024;
    state.trials.push_back(trial);
  }
  state.confirmed.push_back(state.trials.front());
  return state;
}

const SweepConfig kSweep = test::small_sweep("halving", "best_eval");

TEST(Ranking, TheControlIsHeldAgainstTheBestThatPassedEveryRung) {
  const SweepState state = ended(kSweep, 100, 200);
  const std::optional<Control> control = control_of(kSweep, state);
  ASSERT_TRUE(control);
  EXPECT_EQ(control->trials, 2);
  EXPECT_EQ(control->best_kept, &state.trials.front());
  EXPECT_EQ(control->best_cut->cut_at, 1024);
  EXPECT_EQ(control->has_cost, false);
  EXPECT_EQ(control_of(kSweep, ended(kSweep, 300, 200))->has_cost, true);
}

TEST(Ranking, WithoutAScoreNobodyKnowsWhatCuttingCosts) {
  SweepState state = ended(kSweep, 100, 200);
  for (Trial& trial : state.trials) trial.agents.front().curve.clear();
  EXPECT_EQ(control_of(kSweep, state)->has_cost, std::nullopt);
}

TEST(Ranking, WithoutAControlThatWasToBeCutNobodyKnowsEither) {
  SweepState state = ended(kSweep, 100, 200);
  for (Trial& trial : state.trials) {
    if (trial.number > 0 && trial.state == Trial::State::finished) trial.state = Trial::State::diverged;
  }
  EXPECT_EQ(control_of(kSweep, state)->best_cut, nullptr);
  EXPECT_EQ(control_of(kSweep, state)->has_cost, std::nullopt);
}

}  // namespace
}  // namespace ppo
