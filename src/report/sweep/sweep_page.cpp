#include "report/sweep/sweep_page.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/sort_stably.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string subtitle(const ReportedSweep& sweep) {
  if (sweep.stage == SweepStage::before_first_rung) return "a sweep before its first rung";
  return sweep.env + ", sweep (" + sweep.method + ") of " + counted(sweep.planned_trials, "trial") +
         " with " + counted(static_cast<std::int64_t>(sweep.seeds.size()), "seed") + " each, " +
         (sweep.is_complete() ? "complete" : "not complete");
}

/// The curves as those of runs, and the trials, in one object.
nlohmann::ordered_json data(const ReportedSweep& sweep) {
  nlohmann::ordered_json json = chart_data({.runs = curves_as_runs(sweep)});
  json["threshold"] = "target";
  if (const auto first = first_steps(sweep)) json["opens_until"] = *first;
  if (can_compare(sweep)) json["sweep"] = trials_data(sweep);
  return json;
}

std::string scripts(const ReportedSweep& sweep) {
  std::string all(page_file("readout.js"));
  if (!sweep.curves.empty()) all += page_file("charts.js");
  for (const char* name :
       {"page.js", "scales.js", "trials.js", "parallel.js", "filters.js", "effects.js", "rungs.js"}) {
    all += page_file(name);
  }
  return all;
}

/// Numbers as people read them.
std::string fact_value(const std::string& value) {
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), whole);
  const bool is_whole = error == std::errc() && end == value.data() + value.size();
  return is_whole ? grouped(whole) : short_value(value);
}

/// In the words and the order of a run's report; what else there is comes behind.
std::vector<std::pair<std::string, std::string>> plain_facts(const ReportedSweep& sweep) {
  constexpr std::array kFirst = {"version", "finished", "device", "simd", "threads", "gpu"};
  const auto place = [&](const auto& fact) { return std::ranges::find(kFirst, fact.first) - kFirst.begin(); };
  auto facts = sweep.facts;
  std::erase(facts, std::pair<std::string, std::string>("device", "auto"));  // says only what was asked for
  sort_stably(facts, [&](const auto& a, const auto& b) { return place(a) < place(b); });
  for (auto& [name, value] : facts) {
    value = name == "version"    ? "ppo_train " + value
            : name == "finished" ? plain_time(value)
                                 : fact_value(value);
    if (name == "version") name = "program";
    std::ranges::replace(name, '_', ' ');
  }
  return facts;
}

}  // namespace

std::string plan_section(const ReportedSweep& sweep) {
  std::string html =
      "<section aria-labelledby=\"plan\">\n<h2 id=\"plan\">The "
      "plan</h2>\n<details>\n<summary>sweep.toml</summary>\n<div class=\"scroll\" role=\"region\" "
      "tabindex=\"0\" aria-label=\"sweep.toml\"><pre class=\"plan\"><code>";
  for (std::size_t from = 0; from < sweep.plan.size();) {
    const std::size_t end = std::min(sweep.plan.find('\n', from), sweep.plan.size());
    html += escape(std::string_view(sweep.plan).substr(from, end - from)) + '\n';
    from = end + 1;
  }
  html += "</code></pre></div>\n</details>\n";
  if (!sweep.facts.empty()) html += "<dl class=\"facts\">\n";
  for (const auto& [name, value] : plain_facts(sweep)) {
    html += "<div><dt>" + escape(name) + "</dt><dd>" + escape(value) + "</dd></div>\n";
  }
  return html + (sweep.facts.empty() ? "" : "</dl>\n") + "</section>\n";
}

std::string sweep_page(const ReportedSweep& sweep) {
  std::string sections;
  for (const auto& section :
       {sweep_result_section, sweep_values_section, sweep_curves_section, importance_section,
        explore_sections, schedule_section, ranking_section, trials_section, plan_section}) {
    sections += section(sweep);
  }
  std::string style = without_source_map(page_file("dygraph.min.css"));
  for (const char* name : {"palette.css", "page.css", "sweep.css"}) style += page_file(name);
  return fill(page_file("sweep.html"), {{"title", escape(sweep.name)},
                                        {"subtitle", escape(subtitle(sweep))},
                                        {"version", PPO_VERSION},
                                        {"style", style},
                                        {"notices", sweep_notices(sweep)},
                                        {"sections", sections},
                                        {"data", script_json(data(sweep))},
                                        {"licence", std::string(page_file("dygraphs_licence.txt"))},
                                        {"dygraphs", without_source_map(page_file("dygraph.min.js"))},
                                        {"script", scripts(sweep)}});
}

}  // namespace ppo
