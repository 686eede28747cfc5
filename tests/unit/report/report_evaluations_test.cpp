// What a report makes of evaluations: dots, the best of them, and agents that have stopped.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/page.hpp"
#include "report/svg.hpp"

namespace ppo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// A run of 4 updates of 1024 steps, evaluated after each second one.
ReportedRun run_of(const std::string& name, std::int64_t num_seeds = 1) {
  ReportedRun run{.name = name,
                  .saved = {.folder = name, .config = {}, .environment = find_environment("cartpole")}};
  Config& config = run.saved.config;
  config.hyper.num_envs = 8;
  config.hyper.num_steps = 128;
  config.hyper.total_timesteps = 4096;
  config.num_seeds = num_seeds;
  config.evaluation.eval_every = 2;
  run.agents.resize(static_cast<std::size_t>(num_seeds));
  run.updates = 4;
  for (int update = 1; update <= 4; ++update) {
    for (Curve& curve : run.curves) curve.add(1024 * update, {10.0 * update, 5.0 * update, 20.0 * update});
  }
  run.evaluations.add(2048, {100.5, 90, 110});
  run.evaluations.add(4096, {500, 500, 500});
  run.agents.front().best = EvalScore{.update = 4, .return_mean = 500, .return_std = 0};
  return run;
}

ReportedRun without_evaluations(const std::string& name) {
  ReportedRun run = run_of(name);
  run.saved.config.evaluation = {};
  run.evaluations = Curve(Curve::kMostDots);
  run.agents.front().best.reset();
  return run;
}

Report report_of(std::vector<ReportedRun> runs) {
  Report report{.runs = std::move(runs)};
  report.films.resize(report.runs.size());
  return report;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + 1)) ++found;
  return found;
}

TEST(ReportedEvaluations, AreDotsWithTheirSpread) {
  const auto data = chart_data(report_of({run_of("a"), without_evaluations("b")}));
  const auto& evaluations = data.at("runs").at(0).at("evaluations");
  EXPECT_EQ(evaluations.at("steps"), nlohmann::json({2048, 4096}));
  EXPECT_EQ(evaluations.at("middle"), nlohmann::json({100.5, 500}));
  EXPECT_EQ(evaluations.at("low"), nlohmann::json({90, 500}));
  EXPECT_EQ(evaluations.at("high"), nlohmann::json({110, 500}));
  EXPECT_FALSE(data.at("runs").at(1).contains("evaluations"));
}

TEST(ReportedEvaluations, AreNamedInTheChart) {
  const std::string html = curves_section(report_of({run_of("a")}));
  EXPECT_TRUE(contains(
      html,
      "Dots are evaluations of 20 greedy episodes each, with a line for the range that the band shows"));
  EXPECT_TRUE(contains(html, "; evaluations from 100.50 at 2,048 steps to 500.00 at 4,096 steps"));
  EXPECT_FALSE(contains(html, "Agents that have stopped"));
  EXPECT_TRUE(contains(html, "<td>100.50</td><td>90.00</td><td>110.00</td>"));
  ReportedRun sampled = run_of("b");
  sampled.saved.config.evaluation.eval_greedy = false;
  sampled.saved.config.evaluation.eval_episodes = 1;
  EXPECT_TRUE(contains(curves_section(report_of({sampled})), "evaluations of 1 sampled episode each"));
  EXPECT_TRUE(contains(curves_section(report_of({run_of("a"), sampled})), "Dots are evaluations, with"));
  const std::string plain = curves_section(report_of({without_evaluations("a")}));
  EXPECT_FALSE(contains(plain, "valuation"));
}

TEST(ReportedEvaluations, OfAgentsThatStopAreExplained) {
  ReportedRun run = run_of("a", 3);
  run.saved.config.evaluation.stop_at_return = 475;
  EXPECT_TRUE(
      contains(curves_section(report_of({run})), "Agents that have stopped count with their last one"));
}

TEST(ReportedEvaluations, OfALongRunAreThinnedOut) {
  ReportedRun run = run_of("a");
  for (int i = 3; i <= 241; ++i) run.evaluations.add(2048 * i, {500, 400, 500});
  const Report report = report_of({run});
  EXPECT_LE(chart_data(report).at("runs").at(0).at("evaluations").at("steps").size(), Curve::kMostDots);
  EXPECT_TRUE(contains(curves_section(report), "a dot stands for up to 4, as their mean"));
}

TEST(ReportedEvaluations, TheBestIsAFigure) {
  const std::string html = summary_section(report_of({run_of("a")}));
  EXPECT_TRUE(contains(html,
                       "<dt>Best evaluation</dt><dd class=\"value\">500.00 ± 0.00</dd>"
                       "<dd class=\"note\">at update 4, step 4,096</dd>"))
      << html;
  EXPECT_FALSE(contains(html, "Stopped at step"));
  ReportedRun none_yet = run_of("b");
  none_yet.agents.front().best.reset();
  EXPECT_TRUE(contains(summary_section(report_of({none_yet})), "<dd class=\"note\">none yet</dd>"));
  EXPECT_FALSE(contains(summary_section(report_of({without_evaluations("c")})), "Best evaluation"));
}

TEST(ReportedEvaluations, OfSeveralRunsAreAColumn) {
  const std::string html =
      summary_section(report_of({without_evaluations("a"), run_of("b"), run_of("c", 2)}));
  EXPECT_EQ(count(html, "<th scope=\"col\">Best evaluation</th>"), 1U);
  EXPECT_TRUE(contains(html, "<td data-label=\"Best evaluation\">–</td>"));
  EXPECT_TRUE(
      contains(html, "<td data-label=\"Best evaluation\">500.00 ± 0.00<span class=\"note\">at update"));
  EXPECT_TRUE(contains(html, "<td data-label=\"Best evaluation\">500.00<span class=\"note\">median agent"));
}

std::string stop_figure_of(const ReportedRun& run) {
  const std::string html = summary_section(report_of({run}));
  const std::size_t begin = html.find("<dt>Stopped at step");
  return begin == std::string::npos ? "" : html.substr(begin, html.find("</div>", begin) - begin);
}

TEST(ReportedEvaluations, WhereAnAgentStoppedIsAFigure) {
  ReportedRun run = run_of("a");
  run.saved.config.evaluation.stop_at_return = 475;
  run.agents.front().best->return_mean = 474;
  const auto figure = [&] { return stop_figure_of(run); };
  EXPECT_TRUE(contains(figure(), ">not stopped<")) << figure();
  EXPECT_TRUE(contains(figure(), ">needs a return of 475 in an evaluation<")) << figure();
  run.agents.front().stopped_at = 4;
  EXPECT_TRUE(contains(figure(), ">4,096<")) << figure();
  EXPECT_TRUE(contains(figure(), ">a return of 475 in an evaluation<")) << figure();
  run.saved.config.evaluation.stop_on = "return_100";
  EXPECT_TRUE(contains(figure(), ">a return of 475 over 100 episodes<")) << figure();
  run.agents.resize(3);
  EXPECT_TRUE(contains(figure(), ">median; 1 of 3 agents stopped<")) << figure();
}

TEST(ReportedEvaluations, ThatOfTheLastUpdateMayReachWhatNoOtherDid) {
  ReportedRun run = run_of("a");
  run.saved.config.evaluation.stop_at_return = 475;
  const auto figure = [&] { return stop_figure_of(run); };
  EXPECT_TRUE(contains(figure(), ">–<")) << figure();  // as long as nobody knows where it has stopped
  EXPECT_TRUE(contains(figure(), ">known when the run has ended<")) << figure();
  run.ending.emplace();
  run.ending->stopped_at = {std::nullopt};
  EXPECT_TRUE(contains(figure(), ">not stopped<")) << figure();
  EXPECT_TRUE(contains(figure(), ">only the evaluation after the last update reached a return of 475<"))
      << figure();
  run.saved.config.evaluation.stop_on = "return_100";
  EXPECT_TRUE(contains(figure(), ">needs a return of 475 over 100 episodes<")) << figure();
}

TEST(ReportedEvaluations, NameTheFileThatHasThemAll) {
  EXPECT_TRUE(contains(numbers_details(report_of({run_of("a"), without_evaluations("b")})),
                       "metrics.csv and evals.csv have all."));
  EXPECT_TRUE(contains(numbers_details(report_of({without_evaluations("b")})), "metrics.csv has all."));
}

TEST(ReportedEvaluations, HaveColumnsInTheTableOfAgents) {
  ReportedRun run = run_of("a", 3);
  EXPECT_TRUE(contains(agents_section(report_of({run})), ">Best evaluation</button>"));
  EXPECT_FALSE(contains(agents_section(report_of({run})), ">Stopped at step</button>"));
  run.saved.config.evaluation.stop_at_return = 475;
  run.agents.front().stopped_at = 2;
  const std::string html = agents_section(report_of({run}));
  EXPECT_TRUE(contains(html, ">Stopped at step</button>"));
  EXPECT_TRUE(contains(html,
                       "<td data-order=\"500\">500.00 ± 0.00</td><td data-order=\"4096\">4,096</td>"
                       "<td data-order=\"2048\">2,048</td>"))
      << html;
  EXPECT_TRUE(contains(html, "Best evaluation: least 500.00"));
  run.saved.config.evaluation = {};
  EXPECT_FALSE(contains(agents_section(report_of({run})), ">Best evaluation</button>"));
}

TEST(ReportedEvaluations, AreDotsInTheStill) {
  const std::vector<ReportedRun> one = {run_of("a")};
  const std::string svg = return_svg(one);
  EXPECT_EQ(count(svg, "<circle class=\"colour-0\""), 3U);  // two, and that of the legend
  EXPECT_TRUE(contains(svg, ">training</text>"));
  EXPECT_TRUE(contains(svg, ">evaluations of 20 greedy episodes each</text>"));
  const std::vector<ReportedRun> several = {run_of("a"), without_evaluations("b"), run_of("c")};
  const std::string all = return_svg(several);
  EXPECT_EQ(count(all, "<circle class=\"colour-0\""), 2U);
  EXPECT_EQ(count(all, "<circle class=\"colour-1\""), 0U);
  EXPECT_EQ(count(all, "<circle class=\"colour-2\""), 2U);
  EXPECT_EQ(count(all, "<circle class=\"muted\""), 1U);
  const std::vector<ReportedRun> plain = {without_evaluations("a")};
  EXPECT_EQ(count(return_svg(plain), "<circle"), 0U);
  EXPECT_FALSE(contains(return_svg(plain), "training"));
}

TEST(ReportedEvaluations, WithoutANumberAreNoDots) {
  ReportedRun run = run_of("a");
  run.evaluations = Curve(Curve::kMostDots);
  run.evaluations.add(2048, {kNone, kNone, kNone});
  run.evaluations.add(4096, {7, 7, 7});
  EXPECT_EQ(count(return_svg(std::vector{run}), "<circle class=\"colour-0\""), 2U);
  EXPECT_TRUE(chart_data(report_of({run})).at("runs").at(0).at("evaluations").at("middle").at(0).is_null());
}

TEST(ReportedRunState, NamesTheReturnAtWhichAllStopped) {
  ReportedRun run = run_of("a");
  run.saved.config.evaluation.stop_at_return = 475;
  run.updates = 2;
  run.ending.emplace();
  run.ending->stopped_at = {2};
  EXPECT_EQ(run.state(), "stopped at a return of 475 after 2 of 4 updates");
  run.ending->stopped_at = {std::nullopt};
  EXPECT_EQ(run.state(), "can be continued, after 2 of 4 updates");
}

}  // namespace
}  // namespace ppo
