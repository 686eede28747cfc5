// The curves as tables.
#include <algorithm>

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// Of so many points, the places of those that make rows: evenly spaced, the first and the last included.
std::vector<std::size_t> rows_of(std::size_t count) {
  constexpr std::size_t kMost = 50;
  const std::size_t rows = std::min(kMost, count);
  std::vector<std::size_t> places;
  for (std::size_t row = 0; row < rows; ++row) {
    places.push_back(rows == 1 ? 0 : row * (count - 1) / (rows - 1));
  }
  return places;
}

std::string head(const std::vector<std::string>& titles) {
  std::string html = "<table>\n<thead><tr>";
  for (const std::string& title : titles) html += "<th scope=\"col\">" + title + "</th>";
  return html + "</tr></thead>\n<tbody>\n";
}

std::string row(std::int64_t steps, const std::vector<double>& numbers) {
  std::string html = "<tr><th scope=\"row\">" + grouped(steps) + "</th>";
  for (const double one : numbers) html += "<td>" + number(one) + "</td>";
  return html + "</tr>\n";
}

std::string curves_table(const ReportedRun& run) {
  std::vector<std::vector<Curve::Point>> curves;
  for (const Curve& curve : run.curves) curves.push_back(curve.points());
  std::vector<std::string> titles = {"Steps"};
  for (const Chart& chart : charts()) titles.emplace_back(chart.title);
  std::string html = head(titles);
  for (const std::size_t i : rows_of(curves[kReturnChart].size())) {
    std::vector<double> numbers;
    for (const auto& points : curves) {
      numbers.push_back(i < points.size() ? points[i].spread.middle
                                          : std::numeric_limits<double>::quiet_NaN());
    }
    html += row(curves[kReturnChart][i].steps, numbers);
  }
  return html + "</tbody>\n</table>\n";
}

std::string evaluations_table(const ReportedRun& run) {
  const std::vector<Curve::Point> points = run.evaluations.points();
  std::string html = run.is_population() ? head({"Steps", "Median agent", "Lower quartile", "Upper quartile"})
                                         : head({"Steps", "Mean return", "Least", "Greatest"});
  for (const std::size_t i : rows_of(points.size())) {
    const auto& [middle, low, high] = points[i].spread;
    html += row(points[i].steps, {middle, low, high});
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

std::string numbers_details(const Report& report) {
  const bool any_evaluations = std::ranges::any_of(
      report.runs, [](const ReportedRun& run) { return !run.evaluations.points().empty(); });
  std::string html =
      "<details>\n<summary>The curves as a table</summary>\n"
      "<p>At most 50 rows a table, evenly spaced, the last one included; " +
      std::string(any_evaluations ? "metrics.csv and evals.csv have" : "metrics.csv has") + " all.</p>\n";
  for (const ReportedRun& run : report.runs) {
    const std::string name = report.is_single() ? "" : escape(run.name);
    if (!name.empty()) html += "<h3>" + name + "</h3>\n";
    html += scroll_box("Curves of " + run.name, curves_table(run));
    if (run.evaluations.points().empty()) continue;
    html += "<h3>" + (name.empty() ? "Evaluations" : "Evaluations of " + name) + "</h3>\n";
    html += scroll_box("Evaluations of " + run.name, evaluations_table(run));
  }
  return html + "</details>\n";
}

}  // namespace ppo
