// The schedule that a population has found: each key over the steps.
#include <fmt/format.h>

#include <algorithm>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/svg_parts.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

// [pixels] of the drawing, which is scaled to its place
constexpr double kWidth = 300;
constexpr double kHeight = 130;
constexpr double kLeft = 4;
constexpr double kTop = 10;
constexpr double kBelow = 24;

std::string step_path(const ReportedSweep& sweep, std::size_t place, const KeyAxis& axis, const Axis& x) {
  const double bottom = kHeight - kBelow;
  const auto y = [&](const std::string& value) {
    return bottom - std::clamp(axis.position(value), 0.0, 1.0) * (bottom - kTop);
  };
  std::string path;
  for (const ScheduledValues& row : sweep.schedule) {
    const std::string at = decimal(x(static_cast<double>(row.steps)));
    const std::string height = decimal(y(row.values[place]));
    path += path.empty() ? "M" + at + ' ' + height : "H" + at + "V" + height;
  }
  return path + "H" + decimal(x(x.most));
}

std::string key_figure(const ReportedSweep& sweep, std::size_t place) {
  const SweptKey& key = sweep.keys[place];
  const KeyAxis axis(key, place, sweep.trials);
  const std::int64_t steps = std::max({sweep.total_timesteps, sweep.schedule.back().steps, std::int64_t{1}});
  const Axis x{0, static_cast<double>(steps), kLeft, kWidth - 2 * kLeft};
  const double bottom = kHeight - kBelow;
  const std::string first = short_value(sweep.schedule.front().values[place]);
  const std::string last = short_value(sweep.schedule.back().values[place]);
  const std::string size = decimal(kWidth) + ' ' + decimal(kHeight);
  const std::string range =
      key.is_list() ? ""
                    : "; the axis goes from " + plain_number(key.least) + " to " + plain_number(key.most);
  return "<figure class=\"effect\">\n<figcaption><h3 class=\"code\">" + escape(key.key) + "</h3>\n<p>" +
         escape("From " + first + " to " + last + range) +
         "</p></figcaption>\n<svg class=\"schedule\" viewBox=\"0 0 " + size +
         "\" role=\"img\" aria-label=\"" + escape(key.key + " from " + first + " to " + last) + "\">\n" +
         line("grid", kLeft, kTop, kWidth - kLeft, kTop) +
         line("axis", kLeft, bottom, kWidth - kLeft, bottom) + "<path class=\"colour-0\" d=\"" +
         step_path(sweep, place, axis, x) + "\"/>\n" + label("", kLeft, kHeight - 6, "0") +
         label("text-anchor=\"end\"", kWidth - kLeft, kHeight - 6, grouped(steps) + " steps") +
         "</svg>\n</figure>\n";
}

bool changes(const ReportedSweep& sweep, std::size_t place) {
  return std::ranges::any_of(sweep.schedule, [&](const ScheduledValues& row) {
    return row.values[place] != sweep.schedule.front().values[place];
  });
}

std::string table(const ReportedSweep& sweep) {
  std::string html = "<table>\n<thead><tr><th scope=\"col\">From step</th>";
  for (const SweptKey& key : sweep.keys) html += "<th scope=\"col\">" + escape(key.key) + "</th>";
  html += "</tr></thead>\n<tbody>\n";
  constexpr std::size_t kMostRows = 200;
  for (std::size_t i = 0; i < std::min(sweep.schedule.size(), kMostRows); ++i) {
    html += "<tr><th scope=\"row\">" + grouped(sweep.schedule[i].steps) + "</th>";
    for (const std::string& value : sweep.schedule[i].values)
      html += "<td>" + escape(short_value(value)) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

std::string schedule_section(const ReportedSweep& sweep) {
  if (sweep.schedule.size() < 2 || sweep.keys.empty()) return "";  // of one line nothing changes
  std::string html =
      "<section aria-labelledby=\"schedule\">\n<h2 id=\"schedule\">The winner’s schedule</h2>\n<p>The values "
      "that its agents had, from one exchange of the population to the next. Each axis is that of the "
      "search, in its scale.</p>\n<div class=\"effects\">\n";
  std::string constant;
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    if (changes(sweep, k)) {
      html += key_figure(sweep, k);
    } else {
      constant += (constant.empty() ? "" : ", ") + sweep.keys[k].key + ' ' +
                  short_value(sweep.schedule.front().values[k]);
    }
  }
  html += "</div>\n";
  if (!constant.empty())
    html += "<p class=\"after\">" + escape("The same throughout: " + constant + '.') + "</p>\n";
  return html + "\n<details>\n<summary>The schedule as a table</summary>\n" +
         scroll_box("Schedule", table(sweep)) + "</details>\n</section>\n";
}

}  // namespace ppo
