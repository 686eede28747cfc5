// The charts: their frames, and what they draw.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

bool has_evaluations(const ReportedRun& run) {
  return !run.evaluations.points().empty();
}

bool is_number(const Curve::Point& point) {
  return !std::isnan(point.spread.middle);
}

bool has_band(const std::vector<Curve::Point>& points) {
  return std::any_of(points.begin(), points.end(),
                     [](const Curve::Point& point) { return point.spread.low < point.spread.high; });
}

/// Six digits that count; null for NaN.
Json short_number(double value) {
  if (std::isnan(value)) return nullptr;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

Json curve_json(const Curve& curve, bool with_band) {
  const std::vector<Curve::Point> points = curve.points();
  const bool band = with_band && has_band(points);
  Json json = {{"steps", Json::array()}, {"middle", Json::array()}};
  for (const Curve::Point& point : points) {
    json["steps"].push_back(point.steps);
    json["middle"].push_back(short_number(point.spread.middle));
    if (!band) continue;
    json["low"].push_back(short_number(point.spread.low));
    json["high"].push_back(short_number(point.spread.high));
  }
  return json;
}

std::set<double> solved_returns(const Report& report) {
  std::set<double> thresholds;
  for (const ReportedRun& run : report.runs) {
    if (run.solved_return) thresholds.insert(*run.solved_return);
  }
  return thresholds;
}

/// "from 21.19 at 2,048 steps to 500 at 98,304 steps, at most 500"
std::string in_words(const Curve& curve) {
  std::vector<Curve::Point> points = curve.points();
  std::erase_if(points, [](const Curve::Point& point) { return !is_number(point); });
  if (points.empty()) return "no numbers";
  const auto middle_less = [](const Curve::Point& a, const Curve::Point& b) {
    return a.spread.middle < b.spread.middle;
  };
  const auto [least, most] = std::minmax_element(points.begin(), points.end(), middle_less);
  const auto at = [](const Curve::Point& point) {
    return number(point.spread.middle) + " at " + grouped(point.steps) + " steps";
  };
  return "from " + at(points.front()) + " to " + at(points.back()) + ", between " +
         number(least->spread.middle) + " and " + number(most->spread.middle);
}

std::string description(const Report& report, std::size_t chart) {
  std::string text = "Chart of " + std::string(charts()[chart].title) + " over environment steps";
  for (const ReportedRun& run : report.runs) {
    text += (report.is_single() ? ": " : "; " + run.name + ": ") + in_words(run.curves[chart]);
    if (chart == kReturnChart && has_evaluations(run)) text += "; evaluations " + in_words(run.evaluations);
  }
  return text + ".";
}

/// What the dots are, where there are any.
std::string dots_note(const Report& report) {
  const std::string evaluations = evaluations_text(report.runs);
  if (evaluations.empty()) return "";
  const bool agents_stop = std::ranges::any_of(report.runs, [](const ReportedRun& run) {
    return run.is_population() && has_evaluations(run) && run.config().evaluation.stops();
  });
  return " Dots are " + evaluations +
         (report.has_many() ? "." : ", with a line for the range that the band shows.") +
         (agents_stop ? " Agents that have stopped count with their last one, but no longer in the line."
                      : "");
}

/// What the band of the return is, which is not the same for one agent and many. Bands of many runs would
/// hide each other: there are none.
std::string band_note(const Report& report) {
  const auto population = [](const ReportedRun& run) { return run.is_population(); };
  // Runs of older versions have none.
  const auto band_of_one = [](const ReportedRun& run) {
    return !run.is_population() && has_band(run.curves[kReturnChart].points());
  };
  const bool bands = !report.has_many();
  std::string text;
  if (bands && std::any_of(report.runs.begin(), report.runs.end(), band_of_one)) {
    text += " The band reaches from the worst to the best of these episodes.";
  }
  if (std::any_of(report.runs.begin(), report.runs.end(), population)) {
    text += " Of several agents, the line is the median";
    text += bands ? " and the band the middle half." : ".";
  }
  return text;
}

std::string frame(const Report& report, std::size_t number) {
  const Chart& chart = charts()[number];
  std::string explanation(chart.explanation);
  if (number == kReturnChart) {
    explanation += band_note(report) + dots_note(report);
    for (const double threshold : solved_returns(report)) {
      explanation += " Dashed: " + plain_number(threshold) + ", the return that counts as solved.";
    }
  }
  return "<figure class=\"chart\" data-chart=\"" + std::string(chart.key) + "\">\n<figcaption><h3>" +
         std::string(chart.title) + "</h3>\n<p>" + escape(explanation) +
         "</p></figcaption>\n<ul class=\"readout\"></ul>\n<div class=\"plot\" role=\"img\" tabindex=\"0\" "
         "aria-label=\"" +
         escape(description(report, number)) + "\"></div>\n</figure>\n";
}

/// Says what a point stands for where a run has more updates than a curve has points.
std::string thinning_note(const Report& report) {
  std::int64_t updates = 1;
  std::int64_t evaluations = 1;
  for (const ReportedRun& run : report.runs) {
    updates = std::max(updates, run.curves[kReturnChart].updates_per_point());
    evaluations = std::max(evaluations, run.evaluations.updates_per_point());
  }
  std::string text;
  if (updates > 1) {
    text += "<p>Long runs are thinned out: a point stands for up to " + grouped(updates) +
            " updates, the line is their mean, and the band reaches from the smallest to the largest of "
            "them.</p>\n";
  }
  if (evaluations > 1) {
    text += "<p>Evaluations are thinned out: a dot stands for up to " + grouped(evaluations) +
            ", as their mean, and its line reaches from the smallest to the largest of them.</p>\n";
  }
  return text;
}

std::string hint(const Report& report) {
  std::string text =
      "<p class=\"hint\">Over the environment steps of one agent. "
      "<span class=\"by-mouse\">Drag across a chart to zoom into a span of steps, or up and down into a span "
      "of its values; a double-click shows all again. By keyboard: arrow keys move along a chart, + and − "
      "zoom, 0 shows all.</span>"
      "<span class=\"by-touch\">Tap a chart to read its numbers there; the buttons zoom and move.</span>";
  if (report.has_many()) text += " The run nearest to the pointer is named above a chart.";
  return text + "</p>\n";
}

/// page.js makes a button of each run that hides and shows it, which is what this is of use for.
std::string legend(const Report& report) {
  std::string html = "<ul class=\"legend\" aria-label=\"Runs that all charts show\" hidden></ul>\n";
  if (!report.has_many()) return html;
  return html +
         "<p class=\"toolbar\" id=\"runs\" hidden><button type=\"button\" data-runs=\"all\">Show all runs"
         "</button> <button type=\"button\" data-runs=\"none\">Hide all runs</button></p>\n";
}

}  // namespace

std::string_view zoom_buttons() {
  return "<div class=\"toolbar\" id=\"zoom\" role=\"group\" aria-label=\"Steps that all charts show\" "
         "hidden>\n"
         "<button type=\"button\" data-zoom=\"out\" aria-label=\"Zoom out\">−</button>\n"
         "<button type=\"button\" data-zoom=\"in\" aria-label=\"Zoom in\">+</button>\n"
         "<button type=\"button\" data-zoom=\"back\" aria-label=\"Earlier steps\">←</button>\n"
         "<button type=\"button\" data-zoom=\"on\" aria-label=\"Later steps\">→</button>\n"
         "<button type=\"button\" data-zoom=\"all\" id=\"reset\" disabled>Show all</button>\n</div>\n";
}

nlohmann::ordered_json chart_data(const Report& report) {
  Json json = {{"many", report.has_many()}, {"solved", solved_returns(report)}, {"runs", Json::array()}};
  for (const ReportedRun& run : report.runs) {
    Json curves;
    for (std::size_t i = 0; i < kChartCount; ++i)
      curves[std::string(charts()[i].key)] = curve_json(run.curves[i], !report.has_many());
    json["runs"].push_back({{"name", run.name}, {"curves", std::move(curves)}});
    if (!has_evaluations(run)) continue;
    json["runs"].back()["evaluations"] = curve_json(run.evaluations, !report.has_many());
  }
  return json;
}

std::string curves_section(const Report& report) {
  std::string html = "<section aria-labelledby=\"curves\">\n<h2 id=\"curves\">Curves</h2>\n";
  const bool empty = std::all_of(report.runs.begin(), report.runs.end(),
                                 [](const ReportedRun& run) { return run.updates == 0; });
  if (empty) return html + "<p>No update is on record.</p>\n</section>\n";
  html += hint(report) + thinning_note(report) + std::string(zoom_buttons());
  if (!report.is_single()) html += legend(report);
  html += "<div class=\"charts\">\n";
  for (std::size_t i = 0; i < kChartCount; ++i) html += frame(report, i);
  return html + "</div>\n<p id=\"spoken\" class=\"unseen\" role=\"status\"></p>\n" + numbers_details(report) +
         "</section>\n";
}

}  // namespace ppo
