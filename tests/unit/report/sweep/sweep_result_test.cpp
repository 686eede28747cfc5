// What the page of a sweep says about its result, and what it must not say.
#include <gtest/gtest.h>

#include <cmath>

#include "report/sweep/judge.hpp"
#include "report/sweep/sweep_page.hpp"
#include "unit/report/sweep/small_sweep.hpp"

namespace ppo {
namespace {

using test::contains;
using test::small_sweep;
using test::SweepFolder;

/// Of three seeds, with another metric than steps.
ReportedSweep sweep_of_returns(SweepMetric metric) {
  ReportedSweep sweep = small_sweep();
  sweep.metric = metric;
  sweep.ranking[0] = {.trial = 1, .score = 100, .low = 95, .high = 110, .reached = 3};
  return sweep;
}

const ConfirmedTrial kNoScore = {.trial = 1,
                                 .values = {"0.01", "relu"},
                                 .score = std::nan(""),
                                 .low = std::nan(""),
                                 .high = std::nan(""),
                                 .reached = 0};

TEST(SweepResult, HasTheWinnerBesideTheConfigAsItStands) {
  const ReportedSweep sweep = small_sweep();
  const std::string result = sweep_result_section(sweep);
  EXPECT_TRUE(contains(result, "<dt>Winner: trial 1</dt><dd class=\"value\">900 steps</dd>")) << result;
  EXPECT_TRUE(
      contains(result, "median of 3 new seeds; they lie between 700 steps and 950 steps; 3 of 3 reached it"));
  EXPECT_TRUE(contains(result, "<dt>As it stands: trial 0</dt><dd class=\"value\">not reached</dd>"));
  const std::string values = sweep_values_section(sweep);
  EXPECT_TRUE(contains(values, "<strong>0.005</strong></td><td class=\"code\">0.001</td>")) << values;
  EXPECT_TRUE(contains(values, "/best.toml</code>"));
}

TEST(SweepResult, SaysHowFarSeedsSpreadOnlyWhereTheyDo) {
  ReportedSweep sweep = small_sweep();
  const auto says = [&](const std::string& text) {
    return contains(sweep_result_section(sweep), "<dd class=\"note\">" + text + "</dd>");
  };
  sweep.ranking[0].low = sweep.ranking[0].high = 900;
  EXPECT_TRUE(says("median of 3 new seeds; all seeds: 900 steps; 3 of 3 reached it"));
  sweep.ranking[0].reached = 1;
  EXPECT_TRUE(says("median of 3 new seeds; 1 of 3 reached it: 900 steps"));
  sweep.ranking[0] = kNoScore;
  EXPECT_TRUE(says("median of 3 new seeds; 0 of 3 reached it"));
  sweep.confirm_seeds = {9};
  EXPECT_TRUE(says("1 new seed; 0 of 1 reached it"));

  sweep = sweep_of_returns(SweepMetric::best_eval);
  EXPECT_TRUE(says("median of 3 new seeds; they lie between 95.00 and 110.00"));
  sweep.ranking[0].low = sweep.ranking[0].high = 100;
  EXPECT_TRUE(says("median of 3 new seeds; all seeds: 100.00"));
  sweep.ranking[0].reached = 2;
  EXPECT_TRUE(says("median of 3 new seeds; 2 of 3 have a score: 100.00"));
}

TEST(SweepResult, ComparesTheControlsThatWouldHaveBeenCutWithAllThatWereKept) {
  ReportedSweep sweep = small_sweep();
  EXPECT_TRUE(
      contains(sweep_result_section(sweep),
               "1 trial, drawn at random, trained to the end whatever its rank. The best of those that would "
               "have been cut, after 1,000 steps, is trial 2 (3,000 steps); the best of all trials that were "
               "kept is trial 1 (800 steps). Cutting has lost none that was better."));
  sweep.trials[2].standing.score = 800;
  EXPECT_TRUE(contains(sweep_result_section(sweep), "Cutting has lost none that was better."));
  sweep.trials[2].standing.score = 700;
  EXPECT_TRUE(contains(sweep_result_section(sweep), "Cutting loses better trials than it keeps"));
}

TEST(SweepResult, SaysWhereControlsAreTooFew) {
  const SweepFolder folder;
  const auto says = [&](const char* from, const char* to, const char* text) {
    folder.write_with("trials.csv", test::kTrialsCsv, from, to);
    return contains(sweep_result_section(read_reported_sweep(folder.path())), text);
  };
  EXPECT_TRUE(says("4000,3000,2500,3000,finished", "4000,,2500,,finished",
                   "rank. None of those that would have been cut has a score: they are too few to tell."));
  EXPECT_TRUE(says("finished,1000", "diverged,1000",
                   "rank. None of those that would have been cut has a score: they are too few to tell."));
  EXPECT_TRUE(says("finished,1000", "finished,",
                   "rank. None of them would have been cut: they are too few to tell."));
  EXPECT_TRUE(says("4000,800,600,800,finished", "4000,,600,,finished",
                   "rank. No trial that passed every rung has a score to compare with theirs."));
}

TEST(SweepResult, WarnsWhereSeedsLieFarApart) {
  ReportedSweep sweep = small_sweep();
  EXPECT_EQ(sweep_notices(sweep), "");
  sweep.ranking[0].high = 2100;
  EXPECT_TRUE(contains(sweep_notices(sweep), "takes 3.00 times as many steps as the fastest"));
  sweep.ranking[0].reached = 2;
  EXPECT_TRUE(
      contains(sweep_notices(sweep), "Only 2 of the winner&#39;s 3 confirmed seeds reach the target"));
  sweep = sweep_of_returns(SweepMetric::best_eval);
  EXPECT_EQ(sweep_notices(sweep), "");
  sweep.ranking[0].low = 70;
  EXPECT_TRUE(contains(sweep_notices(sweep), "between 70.00 and 110.00, more than a fifth"));
  sweep.ranking[0].reached = 2;
  EXPECT_TRUE(contains(sweep_notices(sweep), "confirmed seeds have a score: the others have diverged."));
}

TEST(SweepResult, ADamagedSpreadIsWide) {
  ReportedSweep sweep = small_sweep();
  EXPECT_FALSE(is_wide(sweep, sweep.ranking[0]));
  sweep.ranking[0].high = std::nan("");
  EXPECT_TRUE(is_wide(sweep, sweep.ranking[0]));
}

TEST(SweepResult, SaysWhenTheConfigAsItStandsIsNotBeaten) {
  ReportedSweep sweep = small_sweep();
  sweep.ranking.push_back(
      {.trial = 0, .values = {"0.001", "tanh"}, .score = 940, .low = 930, .high = 990, .reached = 3});
  EXPECT_TRUE(contains(sweep_notices(sweep), "their ranges overlap"));
  sweep.ranking[1].low = 950;
  EXPECT_TRUE(contains(sweep_notices(sweep), "their ranges touch"));
  sweep.ranking[1].low = 960;
  EXPECT_EQ(sweep_notices(sweep), "");
  std::swap(sweep.ranking[0], sweep.ranking[1]);
  EXPECT_TRUE(contains(sweep_notices(sweep), "The config as it stands has won"));
  EXPECT_TRUE(contains(sweep_result_section(sweep), "<dt>Winner: trial 0, as it stands</dt>"));
  EXPECT_FALSE(contains(sweep_result_section(sweep), "<dt>As it stands"));
  sweep.ranking.pop_back();
  EXPECT_TRUE(contains(sweep_notices(sweep), "there is nothing to compare it with"));
}

TEST(SweepResult, OfEqualScoresSaysThatThereIsNoDifference) {
  ReportedSweep sweep = sweep_of_returns(SweepMetric::best_eval);
  for (const std::int64_t trial : {1, 0}) {
    sweep.ranking.resize(static_cast<std::size_t>(1 - trial));
    sweep.ranking.push_back({.trial = trial, .score = 500, .low = 500, .high = 500, .reached = 3});
  }
  const std::string notices = sweep_notices(sweep);
  EXPECT_TRUE(contains(notices, "There is no difference between the score of the winner and that"))
      << notices;
  EXPECT_FALSE(contains(notices, "do better"));
}

TEST(SweepResult, AFailedSeedOfTheWinnerIsWorseThanAnyThatReachedTheTarget) {
  ReportedSweep sweep = small_sweep();
  sweep.ranking[0].reached = 2;
  sweep.ranking.push_back({.trial = 0, .score = 3000, .low = 2000, .high = 4000, .reached = 3});
  EXPECT_TRUE(contains(sweep_notices(sweep), "their ranges overlap"));
}

TEST(SweepResult, WithoutScoresNothingWasFound) {
  ReportedSweep sweep = small_sweep();
  ConfirmedTrial base = kNoScore;
  base.trial = 0;
  for (const auto& ranking : {std::vector{kNoScore, base}, std::vector{base, kNoScore}, std::vector{base}}) {
    sweep.ranking = ranking;
    const std::pair<SweepMetric, const char*> all[] = {
        {SweepMetric::steps_to_greedy, "none reaches the target with more than half of its seeds."},
        {SweepMetric::return_100, "that takes 100 training episodes with more than half of its seeds."},
        {SweepMetric::best_eval, "of each, half of the seeds or more have diverged."}};
    for (const auto& [metric, why] : all) {
      sweep.metric = metric;
      const std::string notices = sweep_notices(sweep);
      EXPECT_TRUE(
          contains(notices, std::string("Nothing was found, as no confirmed trial has a score: ") + why))
          << notices;
      EXPECT_FALSE(contains(notices, "has won")) << notices;
      const std::string text = sweep_result_section(sweep) + sweep_values_section(sweep);
      EXPECT_FALSE(contains(text, "inner")) << text;
    }
  }
}

TEST(SweepResult, ReplaysOnlyAScheduleInWhichSomethingChanges) {
  ReportedSweep sweep = small_sweep();
  sweep.schedule = {{0, {"0.005", "relu"}}};
  EXPECT_FALSE(contains(sweep_values_section(sweep), "--replay"));
  EXPECT_TRUE(contains(sweep_values_section(sweep), "it never copied another trial"));
  sweep.schedule.push_back({1000, {"0.006", "relu"}});
  EXPECT_TRUE(contains(sweep_values_section(sweep), " --replay "));
}

TEST(SweepResult, SaysWhereItRan) {
  const SweepFolder folder;
  const auto says = [&](const char* facts, const char* note) {
    folder.write("facts.json", facts);
    return contains(sweep_result_section(read_reported_sweep(folder.path())),
                    std::string("<dd class=\"value\">2.50 s</dd>") + note + "</div>");
  };
  EXPECT_TRUE(says(R"({"seconds": 2.5, "device": "cpu", "simd": "avx2", "threads": 2})",
                   "<dd class=\"note\">cpu, avx2, 2 threads</dd>"));
  EXPECT_TRUE(says(R"({"seconds": 2.5, "device": "cuda:0", "gpu": "NVIDIA H200"})",
                   "<dd class=\"note\">cuda:0, NVIDIA H200</dd>"));
  EXPECT_TRUE(
      says(R"({"seconds": 2.5, "device": "auto", "threads": 1})", "<dd class=\"note\">1 thread</dd>"));
  EXPECT_TRUE(says(R"({"seconds": 2.5})", ""));
}

}  // namespace
}  // namespace ppo
