#include "report/page.hpp"

#include <algorithm>
#include <set>

#include "report/html.hpp"
#include "system/embedded.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// The film stands beside the figures.
bool opens_with_film(const Report& report) {
  return report.is_single() && report.films.front() && report.films.front()->is_there();
}

std::string title(const Report& report) {
  if (report.has_many()) return std::to_string(report.runs.size()) + " runs";
  std::string names;
  for (const ReportedRun& run : report.runs) names += (names.empty() ? "" : ", ") + run.name;
  return names;
}

/// "cartpole, seed 42, finished 2026-11-24T20:15:00Z"
std::string subtitle(const ReportedRun& run) {
  const std::uint64_t seed = run.config().hyper.seed;
  std::string text = run.config().env + ", ";
  if (run.is_population()) {
    text += grouped(run.config().num_seeds) + " agents with seeds " + std::to_string(seed) + " to " +
            std::to_string(seed + run.agents.size() - 1);
  } else {
    text += "seed " + std::to_string(seed);
  }
  return text + ", " + run.state() + (run.ending ? ", " + plain_time(run.ending->finished) : "");
}

std::string subtitle(const Report& report) {
  if (report.is_single()) return subtitle(report.runs.front());
  std::set<std::string> environments;
  for (const ReportedRun& run : report.runs) environments.insert(run.config().env);
  std::string text;
  for (const std::string& environment : environments) text += environment + ", ";
  return text + std::to_string(report.runs.size()) + " runs in the same charts";
}

/// What a reader must know before looking at anything: which runs did not go to their end.
std::string notices(const Report& report) {
  std::string html;
  for (const ReportedRun& run : report.runs) {
    if (run.ending && !run.ending->stopped_by) continue;
    std::string text = "The run " + run.state();
    if (!run.ending) {
      text += ": there is no run.json. This page shows what is on record, without a policy, film or hash.";
    } else if (run.ending->diverged()) {
      text +=
          ": a loss, the entropy or the gradient was no longer finite. There is no policy, film or hash. "
          "Try a smaller lr or max_grad_norm, or vf_coef or ent_coef where that is large.";
    } else {
      text += ". Everything below is from the shorter run.";
    }
    const std::string name = report.is_single() ? "" : "<strong>" + escape(run.name) + "</strong>: ";
    html += "<p class=\"notice\">" + name + escape(text) + "</p>\n";
  }
  return html;
}

std::string scripts() {
  std::string all;
  for (const char* name : {"readout.js", "charts.js", "page.js"}) all += page_file(name);
  return all;
}

}  // namespace

std::string_view page_file(std::string_view name) {
  const std::span<const EmbeddedFile> files = embedded_page();
  return std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; })
      ->text;
}

std::string colour(std::size_t run) {
  return "colour-" + std::to_string(run % 6);
}

std::string line_style(std::size_t run) {
  return colour(run) + " dash-" + std::to_string(run % 5);
}

std::string swatch(std::size_t run) {
  return "<svg class=\"swatch\" width=\"36\" height=\"10\" aria-hidden=\"true\"><line class=\"" +
         line_style(run) + "\" x1=\"1\" y1=\"5\" x2=\"35\" y2=\"5\"/></svg>";
}

std::string scroll_box(std::string_view label, const std::string& table) {
  return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + escape(label) + "\">\n" +
         table + "</div>\n";
}

std::string page(const Report& report) {
  return fill(page_file("page.html"),
              {{"title", escape(title(report))},
               {"subtitle", escape(subtitle(report))},
               {"notices", notices(report)},
               {"version", PPO_VERSION},
               {"style", without_source_map(page_file("dygraph.min.css")) +
                             std::string(page_file("palette.css")) + std::string(page_file("page.css"))},
               {"opening", opens_with_film(report) ? " class=\"opening\"" : ""},
               {"summary", summary_section(report)},
               {"films", films_section(report)},
               {"curves", curves_section(report)},
               {"agents", agents_section(report)},
               {"config", config_section(report)},
               {"reproduce", reproduce_section(report)},
               {"data", script_json(chart_data(report))},
               {"licence", std::string(page_file("dygraphs_licence.txt"))},
               {"dygraphs", without_source_map(page_file("dygraph.min.js"))},
               {"script", scripts()}});
}

}  // namespace ppo
