#include "sweep/halving.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sweeps.hpp"

namespace ppo {
namespace {

/// Trials that are the better the higher their number.
std::vector<Trial> ascending(std::int64_t count) {
  std::vector<Trial> trials;
  for (std::int64_t number = 0; number < count; ++number) {
    trials.push_back(test::trial_with({test::agent_with({static_cast<double>(number)})}));
    trials.back().number = number;
  }
  return trials;
}

std::ptrdiff_t count(const std::vector<Trial>& trials, Trial::State state) {
  return std::ranges::count(trials, state, &Trial::state);
}

TEST(Halving, KeepsTheBetterHalf) {
  const SweepConfig sweep = test::small_sweep("halving", "best_eval");
  std::vector<Trial> trials = ascending(16);
  halve(sweep, 0, 1024, trials);
  for (std::size_t number = 0; number < 16; ++number) {
    EXPECT_EQ(trials[number].state == Trial::State::training, number >= 8) << number;
    EXPECT_EQ(trials[number].cut_at.has_value(), number < 8) << number;
  }
  halve(sweep, 0, 2048, trials);
  EXPECT_EQ(count(trials, Trial::State::training), 4);
  EXPECT_EQ(trials[8].cut_at, 2048);
  EXPECT_EQ(trials[0].cut_at, 1024);
}

TEST(Halving, KeepsTheLargerHalfOfAnOddNumber) {
  std::vector<Trial> trials = ascending(5);
  SweepConfig sweep = test::small_sweep("halving", "best_eval");
  sweep.plan.trials = 5;
  halve(sweep, 0, 1024, trials);
  EXPECT_EQ(count(trials, Trial::State::training), 3);
}

TEST(Halving, TheControlIsAnEighthAndNeverCut) {
  const SweepConfig sweep = test::small_sweep("halving", "best_eval");
  const std::vector<bool> control = find_control(sweep);
  EXPECT_EQ(std::ranges::count(control, true), 2);
  EXPECT_FALSE(control[0]);
  std::vector<Trial> trials = ascending(16);
  for (const std::int64_t steps : {1, 2, 3, 4}) halve(sweep, 0, steps, trials);
  EXPECT_EQ(count(trials, Trial::State::training), 1);
  for (std::size_t number = 0; number < 15; ++number) {
    EXPECT_EQ(trials[number].state, control[number] ? Trial::State::control : Trial::State::cut) << number;
  }
}

TEST(Halving, TheControlFollowsFromTheSeed) {
  SweepConfig sweep = test::small_sweep();
  sweep.plan.trials = 256;
  const std::vector<bool> first = find_control(sweep);
  EXPECT_EQ(first, find_control(sweep));
  ++sweep.config.hyper.seed;
  EXPECT_NE(first, find_control(sweep));
}

TEST(Rungs, DoubleFromTheGraceOnAndEndWithTraining) {
  SweepConfig sweep = test::small_sweep();
  EXPECT_EQ(rungs_of(sweep), (std::vector<std::int64_t>{1024, 2048, 4096}));
  sweep.config.hyper.total_timesteps = 5000;
  EXPECT_EQ(rungs_of(sweep), (std::vector<std::int64_t>{1024, 2048, 4096, 5000}));
  sweep.plan.method = "pbt";
  EXPECT_EQ(rungs_of(sweep), (std::vector<std::int64_t>{1024, 2048, 3072, 4096, 5000}));
  sweep.plan.method = "random";
  EXPECT_EQ(rungs_of(sweep), (std::vector<std::int64_t>{5000}));
}

TEST(Rungs, AreTheFirstUpdateBehindThem) {
  const Hyper hyper = test::small_sweep().config.hyper;  // updates of 256 steps
  EXPECT_EQ(update_after(hyper, 1024), 4);
  EXPECT_EQ(update_after(hyper, 1025), 5);
  EXPECT_EQ(update_after(hyper, 1'000'000), 16);
}

}  // namespace
}  // namespace ppo
