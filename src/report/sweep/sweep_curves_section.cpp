// The best trials' returns over their steps.
#include <algorithm>
#include <cmath>
#include <map>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string name_of(const ReportedSweep& sweep, const TrialCurve& curve) {
  if (curve.trial == 0) return curve.is_confirmation ? "as it stands" : "as it stands (seeds of the sweep)";
  const std::string name = "trial " + std::to_string(curve.trial);
  const auto rank = std::ranges::find(sweep.ranking, curve.trial, &ConfirmedTrial::trial);
  if (rank == sweep.ranking.end()) return name;
  return name + " (rank " + std::to_string(rank - sweep.ranking.begin() + 1) + ')';
}

std::string what_returns_are(const ReportedSweep& sweep) {
  return sweep.metric == SweepMetric::return_100 ? "The mean return of the latest 100 training episodes"
                                                 : "The mean return of a greedy evaluation";
}

std::string in_words(const std::vector<ReportedRun>& runs) {
  std::string text = "Chart of the return over environment steps";
  for (const ReportedRun& run : runs) {
    const std::vector<Curve::Point> points = run.curves[kReturnChart].points();
    if (points.empty()) continue;
    text += "; " + run.name + ": from " + number(points.front().spread.middle) + " at " +
            grouped(points.front().steps) + " steps to " + number(points.back().spread.middle) + " at " +
            grouped(points.back().steps) + " steps";
  }
  return text + ".";
}

/// At most so many rows, evenly spaced in steps.
std::string numbers_table(const ReportedRun& run) {
  constexpr std::size_t kMostRows = 25;
  const std::vector<Curve::Point> points = run.curves[kReturnChart].points();
  std::string html =
      "<table>\n<thead><tr><th scope=\"col\">Steps</th><th scope=\"col\">Median</th><th "
      "scope=\"col\">Least</th><th scope=\"col\">Greatest</th></tr></thead>\n<tbody>\n";
  const std::size_t rows = std::min(kMostRows, points.size());
  for (std::size_t row = 0; row < rows; ++row) {
    const Curve::Point& point = points[rows == 1 ? 0 : row * (points.size() - 1) / (rows - 1)];
    html += "<tr><th scope=\"row\">" + grouped(point.steps) + "</th>";
    for (const double value : {point.spread.middle, point.spread.low, point.spread.high}) {
      html += "<td>" + number(value) + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

std::vector<ReportedRun> curves_as_runs(const ReportedSweep& sweep) {
  std::vector<ReportedRun> runs;
  for (const TrialCurve& curve : sweep.curves) {
    ReportedRun run{.name = name_of(sweep, curve), .saved = {}};
    for (const TrialCurve::Point& point : curve.points) {
      const std::vector<double>& returns = point.returns;
      const double middle = returns[(returns.size() - 1) / 2];  // of two the worse one, as in scores
      run.curves[kReturnChart].add(point.steps, {middle, returns.front(), returns.back()});
    }
    run.solved_return = sweep.target_return;
    runs.push_back(std::move(run));
  }
  return runs;
}

std::optional<std::int64_t> first_steps(const ReportedSweep& sweep) {
  if (!lower_is_better(sweep.metric) || sweep.ranking.empty()) return std::nullopt;
  double slowest = 0;
  std::int64_t all = 0;
  for (const TrialCurve& curve : sweep.curves) {
    if (!curve.points.empty()) all = std::max(all, curve.points.back().steps);
    const auto ranked = std::ranges::find(sweep.ranking, curve.trial, &ConfirmedTrial::trial);
    if (ranked == sweep.ranking.end()) continue;
    if (std::isnan(ranked->score)) return std::nullopt;
    slowest = std::max(slowest, ranked->score);
  }
  constexpr double kRoom = 2;
  if (!(slowest > 0) || kRoom * slowest > 0.6 * static_cast<double>(all)) return std::nullopt;
  return static_cast<std::int64_t>(kRoom * slowest);
}

std::string sweep_curves_section(const ReportedSweep& sweep) {
  const std::vector<ReportedRun> runs = curves_as_runs(sweep);
  if (runs.empty()) return "";
  std::string text =
      what_returns_are(sweep) + ", of " +
      (sweep.ranking.empty() ? std::string("the best trials so far, which are not confirmed, ")
                             : "the best confirmed trials ") +
      "and of the config as it stands. A line is the median over seeds, its band reaches from the "
      "worst to the best of them.";
  if (sweep.target_return) text += " Dashed: " + plain_number(*sweep.target_return) + ", the target.";
  if (const auto first = first_steps(sweep)) {
    text += " The chart opens on the first " + grouped(*first) + " steps; all are there, too.";
  }
  std::string html = "<section aria-labelledby=\"curves\">\n<h2 id=\"curves\">Curves of the best</h2>\n" +
                     std::string(zoom_buttons());
  if (runs.size() > 1)
    html += "<ul class=\"legend\" aria-label=\"Trials that the chart shows\" hidden></ul>\n";
  html +=
      "<div class=\"charts\">\n<figure class=\"chart\" "
      "data-chart=\"return\">\n<figcaption><h3>Return</h3>\n<p>" +
      escape(text) +
      "</p></figcaption>\n<ul class=\"readout\"></ul>\n<div class=\"plot\" role=\"img\" tabindex=\"0\" "
      "aria-label=\"" +
      escape(in_words(runs)) + "\"></div>\n</figure>\n</div>\n" +
      "<p id=\"spoken\" class=\"unseen\" role=\"status\"></p>\n<details>\n<summary>The curves as a "
      "table</summary>\n";
  for (const ReportedRun& run : runs) {
    html += "<h3>" + escape(run.name) + "</h3>\n" + scroll_box("Curve of " + run.name, numbers_table(run));
  }
  return html + "</details>\n</section>\n";
}

}  // namespace ppo
