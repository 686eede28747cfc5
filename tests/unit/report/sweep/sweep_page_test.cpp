// What the page of a sweep says.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/svg.hpp"
#include "report/sweep/sweep_page.hpp"
#include "unit/report/sweep/small_sweep.hpp"

namespace ppo {
namespace {

using test::contains;
using test::small_sweep;
using test::SweepFolder;

TEST(SweepPage, OfAnUnfinishedSweepSaysSo) {
  ReportedSweep sweep = small_sweep();
  sweep.stage = SweepStage::running;
  sweep.ranking.clear();
  sweep.control.reset();
  const std::string page = sweep_page(sweep);
  EXPECT_TRUE(contains(page, "The sweep is not complete"));
  EXPECT_TRUE(contains(page, " resume " + sweep.folder.native() + "</code>"));
  EXPECT_TRUE(contains(page, "Best so far: trial 1"));
  EXPECT_FALSE(contains(page, "best.toml"));
  EXPECT_FALSE(contains(page, "id=\"ranking\""));
}

TEST(SweepPage, StoppedOnTheWayToTheFirstRungRanksWhatThereIs) {
  ReportedSweep sweep = small_sweep();
  sweep.stage = SweepStage::running;
  sweep.ranking.clear();
  sweep.control.reset();
  for (ReportedTrial& trial : sweep.trials) {
    trial.rungs = 0;
    trial.at_rung.clear();
    trial.state = TrialState::training;
    trial.standing.score = std::nan("");
  }
  EXPECT_EQ(measures(sweep).front().key, "so far");
  EXPECT_EQ(importance_section(sweep), "");
  const std::string page = sweep_page(sweep);
  EXPECT_TRUE(contains(page, ">Rank so far: by score, those that tie"));  // and no button: there is no other
  EXPECT_TRUE(contains(page, "not confirmed; mean return so far 97.00"));
}

TEST(SweepPage, ComparesNothingWhereNothingIsThere) {
  ReportedSweep sweep = small_sweep();
  EXPECT_TRUE(can_compare(sweep));
  ReportedSweep single = sweep;
  single.trials.resize(1);
  EXPECT_FALSE(can_compare(single));
  for (ReportedTrial& trial : sweep.trials) {
    trial.standing = {};
    trial.at_rung.clear();
  }
  EXPECT_FALSE(can_compare(sweep));
  EXPECT_EQ(importance_section(sweep), "");
  EXPECT_EQ(explore_sections(sweep), "");
  const std::string page = sweep_page(sweep);
  EXPECT_FALSE(contains(page, "id=\"parallel\""));
  EXPECT_TRUE(contains(page, "id=\"trials\""));
}

TEST(SweepPage, HasNoAxisOfScoresThatNoneHas) {
  ReportedSweep sweep = small_sweep();
  for (ReportedTrial& trial : sweep.trials) trial.standing.score = std::nan("");
  const std::vector<Measure> all = measures(sweep);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "first");
  EXPECT_FALSE(contains(explore_sections(sweep), "By score, trials without one"));
}

TEST(SweepPage, FactsAreNumbersThatPeopleRead) {
  ReportedSweep sweep = small_sweep();
  sweep.facts = {{"device", "cpu"},
                 {"finished", "2026-11-29T08:09:04Z"},
                 {"seconds", "147.735873964"},
                 {"steps", "43760640"},
                 {"version", "0.1.0"}};
  const std::string html = plan_section(sweep);
  EXPECT_TRUE(contains(html,
                       "<div><dt>program</dt><dd>ppo_train 0.1.0</dd></div>\n"
                       "<div><dt>finished</dt><dd>2026-11-29 08:09 UTC</dd></div>\n"
                       "<div><dt>device</dt><dd>cpu</dd></div>\n"
                       "<div><dt>seconds</dt><dd>147.7</dd></div>\n"
                       "<div><dt>steps</dt><dd>43,760,640</dd></div>\n"))
      << html;
}

TEST(SweepPage, BeforeTheFirstRungHasThePlan) {
  const std::string page = sweep_page({.name = "s", .folder = "s", .plan = "[sweep]\nlr = \"<b>\"\n"});
  EXPECT_TRUE(contains(page, "has not come to its first rung"));
  EXPECT_TRUE(contains(page, "lr = &quot;&lt;b&gt;&quot;\n"));
  EXPECT_FALSE(contains(page, "id=\"parallel\""));
}

TEST(SweepPage, CountsTheRungs) {
  const ReportedSweep sweep = small_sweep();
  EXPECT_EQ(at_rung(sweep, sweep.trials[0], 0), AtRung::cut);
  EXPECT_EQ(at_rung(sweep, sweep.trials[0], 1), AtRung::absent);
  EXPECT_EQ(at_rung(sweep, sweep.trials[1], 1), AtRung::kept);
  EXPECT_EQ(at_rung(sweep, sweep.trials[2], 0), AtRung::control);
  EXPECT_EQ(at_rung(sweep, sweep.trials[2], 1), AtRung::control);
  EXPECT_EQ(at_rung(sweep, sweep.trials[3], 0), AtRung::kept);
  const nlohmann::ordered_json rungs = trials_data(sweep).at("rungs");
  EXPECT_EQ(rungs[0].at("rivals"), 4);
  EXPECT_EQ(rungs[0].at("kept"), 2);
  EXPECT_EQ(rungs[1].at("rivals"), 2);  // the control has been lost before
  EXPECT_EQ(rungs[1].at("kept"), 1);
  const std::string html = rungs_section(sweep);
  EXPECT_TRUE(
      contains(html, "1,000</th><td>2</td><td>1</td><td>1</td><td>return 50.00</td><td>return 17.50</td>"))
      << html;
  EXPECT_TRUE(
      contains(html, "2,000</th><td>1</td><td>1</td><td>1</td><td>800 steps</td><td>return 81.50</td>"))
      << html;
}

TEST(SweepPage, OrdersAllTrialsByScore) {
  const ReportedSweep sweep = small_sweep();
  EXPECT_EQ(trials_by_score(sweep), (std::vector<std::size_t>{1, 2, 3, 0}));
  EXPECT_TRUE(contains(trials_section(sweep), "<td>1,600, 1 not</td>"));
}

TEST(SweepPage, DrawsNoMoreTrialsThanItCan) {
  ReportedSweep sweep = small_sweep();
  for (int i = 0; i < 20'000; ++i) {
    sweep.trials.push_back(
        {.values = {"0.001", "tanh"}, .steps = 1000, .seeds = {std::nan(""), std::nan("")}});
    sweep.trials.back().standing.mean_return = i;
  }
  sweep.planned_trials = static_cast<std::int64_t>(sweep.trials.size());
  const auto drawn = drawn_trials(sweep);
  EXPECT_NEAR(static_cast<double>(drawn.size()), kMostDrawnTrials, 3);
  EXPECT_EQ(drawn[0], 0U);
  EXPECT_EQ(drawn[1], 1U);  // the winner
  EXPECT_TRUE(contains(trials_section(sweep), "the best 1,000 of 20,004 trials; trials.csv has all"));
  EXPECT_TRUE(contains(explore_sections(sweep), "of 20,004 trials: the confirmed ones"));
}

TEST(SweepPage, HostileTextStaysText) {
  const std::string hostile = "</script><img src=x onerror=1>{{data}}\"'";
  ReportedSweep sweep = small_sweep();
  sweep.name = hostile;
  sweep.env = hostile;
  sweep.plan = hostile + "\n";
  sweep.facts = {{hostile, hostile}};
  sweep.keys[1].key = hostile;
  sweep.keys[1].values[1] = hostile;
  sweep.trials[1].values[1] = hostile;
  sweep.ranking[0].values[1] = hostile;
  sweep.schedule = {{0, {"0.001", hostile}}, {10, {"0.002", "tanh"}}};
  const std::string page = sweep_page(sweep);
  EXPECT_FALSE(contains(page, "<img src=x"));
  std::size_t scripts = 0;
  for (std::size_t i = page.find("</script>"); i != std::string::npos; i = page.find("</script>", i + 1))
    ++scripts;
  EXPECT_EQ(scripts, 3U);  // the data, dygraphs, the page's own
  EXPECT_TRUE(contains(page, "&lt;/script&gt;&lt;img src=x onerror=1&gt;{{data}}"));
}

TEST(SweepPage, ASchedulesKeysThatNeverChangeAreASentence) {
  ReportedSweep sweep = small_sweep();
  EXPECT_EQ(schedule_section(sweep), "");
  sweep.schedule = {{0, {"0.001", "tanh"}}};
  EXPECT_EQ(schedule_section(sweep), "");  // nothing changes
  sweep.schedule = {{0, {"0.001", "tanh"}}, {2000, {"0.002", "tanh"}}};
  const std::string html = schedule_section(sweep);
  EXPECT_TRUE(contains(html, "From 0.001 to 0.002")) << html;
  EXPECT_TRUE(contains(html, "The same throughout: activation tanh."));
}

TEST(SweepStill, HasTheTargetAndTheBest) {
  const std::string svg = return_svg(curves_as_runs(small_sweep()), "target");
  EXPECT_TRUE(contains(svg, "target: 100"));
  EXPECT_TRUE(contains(svg, "trial 1 (rank 1)"));
  EXPECT_TRUE(contains(svg, "as it stands (seeds of the sweep)"));
}

// As scores do.
TEST(SweepCurves, OfTwoSeedsInTheMiddleTakeTheWorse) {
  ReportedSweep sweep = small_sweep();
  sweep.curves[0].points = {{1000, {-10, 20, 30, 40}}};
  const Spread spread = curves_as_runs(sweep)[0].curves[kReturnChart].points()[0].spread;
  EXPECT_EQ(spread.middle, 20);
  EXPECT_EQ(spread.low, -10);
  EXPECT_EQ(spread.high, 40);
}

TEST(SweepCurves, OpenWhereTheBestReachTheTarget) {
  ReportedSweep sweep = small_sweep();
  EXPECT_EQ(first_steps(sweep), std::nullopt);  // 1800 of 1000 steps
  sweep.curves[0].points.push_back({100'000, {100}});
  EXPECT_EQ(first_steps(sweep), 1800);
  EXPECT_EQ(nlohmann::json::parse(trials_data(sweep).dump()).at("numbers").size(), 4U);
}

}  // namespace
}  // namespace ppo
