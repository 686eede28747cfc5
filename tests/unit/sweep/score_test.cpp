#include "sweep/score.hpp"

#include <gtest/gtest.h>

#include "sweeps.hpp"
#include "system/errors.hpp"

namespace ppo {
namespace {

using test::agent_with;
using test::trial_with;

const SweepPlan kSteps{};
const SweepPlan kReturn100{.metric = "return_100"};
const SweepPlan kBestEval{.metric = "best_eval"};

TEST(SweepScore, StepsCountToTheFirstEvaluationThatLasts) {
  EXPECT_EQ(metric_of(kSteps, 475, agent_with({480, 100, 475, 500})), 3000);
  EXPECT_EQ(metric_of(kSteps, 475, agent_with({475, 500})), 1000);
  EXPECT_EQ(metric_of(kSteps, 475, agent_with({500, 500, 474.9})), std::nullopt);
  EXPECT_EQ(metric_of(kSteps, 475, agent_with({})), std::nullopt);
}

TEST(SweepScore, ReturnsAreTheLatestAndTheBest) {
  EXPECT_EQ(metric_of(kReturn100, 0, agent_with({10, 30, 20})), 20);
  EXPECT_EQ(metric_of(kBestEval, 0, agent_with({10, 30, 20})), 30);
  EXPECT_EQ(metric_of(kBestEval, 0, agent_with({})), std::nullopt);
}

TEST(SweepScore, OneThatDivergedHasReachedNothing) {
  SweepAgent agent = agent_with({500, 500});
  agent.has_diverged = true;
  EXPECT_EQ(metric_of(kSteps, 475, agent), std::nullopt);
  EXPECT_EQ(metric_of(kBestEval, 475, agent), std::nullopt);
}

TEST(SweepScore, IsTheMedianOverTheSeedsTheWorseOfTwo) {
  const SweepAgent at1 = agent_with({500, 500, 500});
  const SweepAgent at2 = agent_with({0, 500, 500});
  const SweepAgent never = agent_with({500, 500, 0});
  EXPECT_EQ(score_of(kSteps, 475, trial_with({at2, at1, at1})).median, 1000);
  EXPECT_EQ(score_of(kSteps, 475, trial_with({never, at1, at2})).median, 2000);
  EXPECT_EQ(score_of(kSteps, 475, trial_with({never, at1, never})).median, std::nullopt);
  EXPECT_EQ(score_of(kSteps, 475, trial_with({at1, at2})).median, 2000);
  EXPECT_EQ(score_of(kBestEval, 0, trial_with({agent_with({1}), agent_with({5})})).median, 1);
}

Score score(std::optional<double> median, double mean_return, std::int64_t reached = 3) {
  return {.median = median, .reached = median ? reached : 0, .mean_return = mean_return};
}

TEST(SweepScore, FewerStepsAndHigherReturnsAreBetter) {
  EXPECT_TRUE(is_better(kSteps, score(1000, 0), score(2000, 0)));
  EXPECT_TRUE(is_better(kSteps, score(2000, 0), score(std::nullopt, 400)));
  EXPECT_TRUE(is_better(kReturn100, score(200, 0), score(100, 0)));
  EXPECT_FALSE(is_better(kReturn100, score(std::nullopt, 0), score(-100, 0)));
}

TEST(SweepScore, OfEqualsTheOneThatLearnedSoonerIsBetter) {
  EXPECT_TRUE(is_better(kSteps, score(1000, 300), score(1000, 200)));
  EXPECT_TRUE(is_better(kSteps, score(std::nullopt, 300), score(std::nullopt, 200)));
  EXPECT_FALSE(is_better(kSteps, score(1000, 300), score(1000, 300)));
}

TEST(SweepScore, WithoutAMedianMoreSeedsThatHaveReachedItAreBetter) {
  const SweepAgent reached = agent_with({0, 500, 500});
  const SweepAgent never = agent_with({400, 400, 400});
  const Score one =
      score_of(kSteps, 475, trial_with({agent_with({0, 0, 0}), reached, agent_with({0, 0, 0})}));
  const Score none = score_of(kSteps, 475, trial_with({never, never, never}));
  EXPECT_EQ(one.median, std::nullopt);
  EXPECT_EQ(one.reached, 1);
  EXPECT_TRUE(is_better(kSteps, one, none));
  EXPECT_FALSE(is_better(kSteps, none, one));
}

TEST(SweepScore, RankingIsStable) {
  const std::vector<Trial> trials = {trial_with({agent_with({0})}), trial_with({agent_with({500})}),
                                     trial_with({agent_with({0})}), trial_with({agent_with({500})})};
  EXPECT_EQ(ranked(kSteps, 475, trials, {0, 1, 2, 3}), (std::vector<std::size_t>{1, 3, 0, 2}));
}

TEST(SweepScore, WhereThereIsNoTargetTheKeyThatAsksForOneIsNamed) {
  const auto refusal = [](const std::string& metric,
                          const std::string& limit = "max_episode_steps = 200") -> std::string {
    const std::string text =
        limit + "\n[sweep]\n" + metric + "[sweep.space]\nlr = { min = 1e-4, max = 1e-2 }\n";
    try {
      check_metric(read_sweep(text, "s.toml"));
    } catch (const Failure& failure) {
      return failure.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("target_return = 150\n"), "");
  EXPECT_EQ(refusal("metric = \"best_eval\"\n"), "");
  EXPECT_EQ(
      refusal("metric = \"steps_to_greedy\"\n"),
      "s.toml:3:10: metric steps_to_greedy: cartpole counts as solved with max_episode_steps = 500, and here "
      "it is 200; write max_episode_steps = 500, target_return = the mean return to reach, or metric = "
      "\"best_eval\"");
  EXPECT_TRUE(refusal("").starts_with("s.toml:1:21: metric steps_to_greedy")) << refusal("");
  EXPECT_EQ(refusal("", "max_episode_steps = 500"), "");
  EXPECT_EQ(refusal("", "env = \"acrobot\""),
            "s.toml:1:7: metric steps_to_greedy: acrobot counts as solved with max_episode_steps = 500, and "
            "here it is 0 (no limit); write max_episode_steps = 500, target_return = the mean return to "
            "reach, or metric = \"best_eval\"");
  EXPECT_EQ(refusal("metric = \"return_100\"\n"), "");
  EXPECT_EQ(refusal("metric = \"return_100\"\n", "env = \"pendulum\""),
            "s.toml:3:10: metric return_100: without a time limit, training episodes of pendulum need not "
            "end; write max_episode_steps = 200, or another");
}

}  // namespace
}  // namespace ppo
