// What the report of a sweep makes of scores: their order, axes, bins and importance.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "report/sweep/axes.hpp"
#include "report/sweep/effects.hpp"
#include "report/sweep/judge.hpp"
#include "report/sweep/standing.hpp"

namespace ppo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr SweepMetric kSteps = SweepMetric::steps_to_greedy;

SweepAgent agent_with(const std::vector<double>& returns) {
  SweepAgent agent;
  for (const double value : returns) {
    agent.curve.push_back({static_cast<std::int64_t>(10 * (agent.curve.size() + 1)), value});
  }
  return agent;
}

TEST(Standing, IsThatOfTheSweep) {
  Judge judge(kSteps, 475);
  EXPECT_EQ(judge.standing({agent_with({475, 474, 480, 500})}).score, 30);
  EXPECT_EQ(judge.standing({agent_with({475, 474, 480, 491})}).mean_return, 480);
  EXPECT_TRUE(std::isnan(judge.standing({agent_with({475, 474})}).score));
  const Standing two = judge.standing({agent_with({475}), agent_with({0, 475})});
  EXPECT_EQ(two.score, 20);  // the worse
  EXPECT_EQ(two.mean_return, (475 + 237.5) / 2);
  EXPECT_EQ(judge.standing({agent_with({475}), agent_with({})}).mean_return, -kInfinity);
  EXPECT_EQ(Judge(SweepMetric::best_eval, {}).standing({agent_with({3, 9, 6})}).score, 9);
  EXPECT_EQ(Judge(SweepMetric::return_100, {}).standing({agent_with({3, 9, 6})}).score, 6);
}

TEST(Standing, AtARungHasTheRangeOfItsSeeds) {
  SweepAgent diverged = agent_with({500});
  diverged.has_diverged = true;
  const RungStanding at = Judge(kSteps, 475).rung_standing({agent_with({100}), agent_with({50}), diverged});
  EXPECT_EQ(at.low, 50);
  EXPECT_EQ(at.high, 100);
  EXPECT_TRUE(std::isnan(rung_value(at.standing, kSteps)));
}

TEST(Standing, IsOrderedByScoreThenByTheMeanReturn) {
  EXPECT_TRUE(is_better({100, 5}, {200, 500}, kSteps));
  EXPECT_TRUE(is_better({200, 5}, {kNone, 500}, kSteps));
  EXPECT_TRUE(is_better({kNone, 6}, {kNone, 5}, kSteps));
  EXPECT_TRUE(is_better({kNone, 6}, {kNone, -kInfinity}, kSteps));
  EXPECT_FALSE(is_better({kNone, -kInfinity}, {kNone, -kInfinity}, kSteps));
  EXPECT_TRUE(is_better({200, 5}, {100, 500}, SweepMetric::best_eval));
}

TEST(Standing, TiesShareARank) {
  const std::vector<Standing> standings = {{kNone, 5}, {20, 1}, {10, 1}, {20, 1}, {kNone, -kInfinity}};
  EXPECT_EQ(shared_ranks(standings, kSteps), (std::vector<double>{4, 2.5, 1, 2.5, 5}));
}

TEST(KeyAxis, FollowsTheScale) {
  const KeyAxis log({.key = "lr", .scale = "log", .least = 1e-4, .most = 1e-2}, 0, {});
  EXPECT_NEAR(log.position("0.001"), 0.5, 1e-12);
  EXPECT_EQ(log.position("0.01"), 1);
  EXPECT_LT(log.position("0"), 0);  // as no logarithm has it
  EXPECT_GT(log.position("0.02"), 1);
  const KeyAxis log1m({.key = "gamma", .scale = "log1m", .least = 0.9, .most = 0.999}, 0, {});
  EXPECT_NEAR(log1m.position("0.99"), 0.5, 1e-12);
  const KeyAxis pow2({.key = "num_steps", .scale = "pow2", .least = 16, .most = 256}, 0, {});
  EXPECT_EQ(pow2.position("64"), 0.5);
}

TEST(KeyAxis, OfAListEndsWithWhatTheTrialsHaveBesides) {
  const KeyAxis axis({.key = "num_envs", .values = {"8", "16"}}, 0, {{.values = {"64"}}, {.values = {"8"}}});
  EXPECT_EQ(axis.values(), (std::vector<std::string>{"8", "16", "64"}));
  EXPECT_EQ(axis.position("16"), 0.5);
  EXPECT_EQ(KeyAxis({.key = "one", .values = {"8"}}, 0, {}).position("8"), 0.5);
}

TEST(ScoreAxis, HasTheBestAtItsTopAndALaneForThoseWithout) {
  const Measure measure{.key = "score",
                        .lower_is_better = true,
                        .takes_part = {1, 1, 1, 1},
                        .standings = {{1000, 1}, {10, 1}, {kNone, 50}, {kNone, 60}},
                        .values = {1000, 10, kNone, kNone}};
  const ScoreAxis axis(measure, kSteps);
  EXPECT_NEAR(axis.positions()[0], ScoreAxis::kLane, 1e-12);
  EXPECT_EQ(axis.positions()[1], 1);
  EXPECT_NEAR(axis.position(100), ScoreAxis::kLane + (1 - ScoreAxis::kLane) / 2, 1e-12);
  EXPECT_LT(axis.positions()[2], axis.positions()[3]);
  EXPECT_LT(axis.positions()[3], ScoreAxis::kLane);
}

TEST(EffectBins, HaveEachValueOrTheSameWidth) {
  const std::vector<double> few = {0, 0.5, 0.5, 1, -0.04};
  EXPECT_EQ(bins_of(few), (std::vector<int>{0, 1, 1, 2, -1}));
  std::vector<double> many;
  for (int i = 0; i < 32; ++i) many.push_back(i / 31.0);
  const std::vector<int> bins = bins_of(many);  // root of 16: 4 bins
  EXPECT_EQ(bins.front(), 0);
  EXPECT_EQ(bins[8], 1);
  EXPECT_EQ(bins.back(), 3);
}

TEST(EffectBins, HaveMedianAndQuartiles) {
  const std::vector<double> positions = {0, 0, 0, 0, 0, 1};
  const std::vector<double> scores = {0.5, 0.1, 0.4, 0.2, 0.3, 0.9};
  const auto bins = effect_bins(positions, bins_of(positions), scores);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].count, 5U);
  EXPECT_EQ(bins[0].low, 0.2);
  EXPECT_EQ(bins[0].middle, 0.3);
  EXPECT_EQ(bins[0].high, 0.4);
  EXPECT_EQ(bins[1].middle, 0.9);
}

// By hand: SST of 1 to 6 is 17.5. Halves: SSW = 2 + 2, 1 - (4 / 4) / (17.5 / 5) = 5 / 7.
TEST(Importance, IsEpsilonSquared) {
  const std::vector<double> ranks = {1, 2, 3, 4, 5, 6};
  EXPECT_NEAR(importance_of(ranks, std::vector<int>{0, 0, 0, 1, 1, 1}).share, 5.0 / 7, 1e-12);
  // Pairs: SSW = 3 * 0.5, 1 - (1.5 / 3) / 3.5 = 6 / 7.
  EXPECT_NEAR(importance_of(ranks, std::vector<int>{0, 0, 1, 1, 2, 2}).share, 6.0 / 7, 1e-12);
  // In turns: SSW = 8 + 8, 1 - (16 / 4) / 3.5 is negative.
  EXPECT_EQ(importance_of(ranks, std::vector<int>{0, 1, 0, 1, 0, 1}).share, 0);
  // Left out: what remains is 1 to 4 in two halves, SST = 5, SSW = 1, 1 - 0.5 / (5 / 3) = 0.7.
  EXPECT_NEAR(importance_of(ranks, std::vector<int>{0, 0, 1, 1, -1, -1}).share, 0.7, 1e-12);
  EXPECT_EQ(importance_of(ranks, std::vector<int>{0, 0, 0, 0, 0, 0}).share, 0);
  EXPECT_EQ(importance_of(ranks, std::vector<int>{0, 1, 2, 3, 4, 5}).share, 0);  // nothing within the bins
}

// With F = 1.88 (9 degrees of freedom against many): 9 * 0.88 / (9 * 1.88 + 1000 - 10).
TEST(Importance, KnowsWhatChanceDoes) {
  std::vector<double> ranks;
  std::vector<int> bins;
  for (int i = 0; i < 1000; ++i) {
    ranks.push_back(i + 1);
    bins.push_back(i % 10);
  }
  EXPECT_NEAR(importance_of(ranks, bins).chance, 9 * 0.88 / (9 * 1.88 + 990), 1e-4);
}

}  // namespace
}  // namespace ppo
