// The rungs: how many trials were kept and cut at each.
#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/sort_stably.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

struct RungCount {
  std::int64_t kept = 0;
  std::int64_t cut = 0;
  std::int64_t control = 0;
  std::vector<Standing> kept_standings = {};
  std::vector<Standing> cut_standings = {};

  std::int64_t all() const { return kept + cut + control; }
};

RungCount count_at(const ReportedSweep& sweep, std::size_t rung) {
  RungCount count;
  for (const ReportedTrial& trial : sweep.trials) {
    const AtRung how = at_rung(sweep, trial, rung);
    if (how == AtRung::absent) continue;
    (how == AtRung::kept ? count.kept : how == AtRung::cut ? count.cut : count.control) += 1;
    if (rung >= trial.at_rung.size() || how == AtRung::control) continue;
    (how == AtRung::kept ? count.kept_standings : count.cut_standings)
        .push_back(trial.at_rung[rung].standing);
  }
  return count;
}

/// The one in the middle, of two the worse; in words.
std::string median_text(const ReportedSweep& sweep, std::vector<Standing> standings) {
  if (standings.empty()) return "–";
  sort_stably(standings, [&](const Standing& a, const Standing& b) { return is_better(a, b, sweep.metric); });
  const Standing& middle = standings[standings.size() / 2];
  if (!std::isnan(middle.score)) return score_text(sweep, middle.score);
  return std::isinf(middle.mean_return) ? "–" : "return " + number(middle.mean_return);
}

std::string row(const ReportedSweep& sweep, std::size_t rung, const RungCount& count) {
  const bool is_end = sweep.rungs[rung] == sweep.total_timesteps;
  std::string html =
      "<tr><th scope=\"row\">" + grouped(sweep.rungs[rung]) + (is_end ? ", the end" : "") + "</th>";
  for (const std::int64_t trials : {count.kept, count.cut, count.control}) {
    html += "<td>" + grouped(trials) + "</td>";
  }
  for (const auto& standings : {count.kept_standings, count.cut_standings}) {
    html += "<td>" + escape(median_text(sweep, standings)) + "</td>";
  }
  return html + "</tr>\n";
}

std::string explanation(const ReportedSweep& sweep) {
  std::string text =
      "At each rung the worse trials are cut. A mark is a trial that came to the rung, at its score there";
  if (lower_is_better(sweep.metric)) {
    text +=
        ", or below the rule at the mean return of its evaluations until then, where it had not reached "
        "the target";
  }
  return text +
         ". Higher is better. Controls would have been cut, but train on, so as to say what cutting costs.";
}

}  // namespace

Ranked ranked_at(const ReportedSweep& sweep, std::size_t rung) {
  Ranked ranked;
  for (const ReportedTrial& trial : sweep.trials) {
    const AtRung how = at_rung(sweep, trial, rung);
    const bool is_lost = how == AtRung::control && cut_rung(sweep, trial) != rung;
    if (how == AtRung::absent || is_lost) continue;
    ++ranked.rivals;
    if (how == AtRung::kept) ++ranked.kept;
  }
  return ranked;
}

std::string rungs_section(const ReportedSweep& sweep) {
  std::string table =
      "<table>\n<thead><tr><th scope=\"col\">Steps</th><th scope=\"col\">Kept</th><th "
      "scope=\"col\">Cut</th><th scope=\"col\">Controls</th><th scope=\"col\">Median of those kept</th><th "
      "scope=\"col\">Median of those cut</th></tr></thead>\n<tbody>\n";
  std::int64_t all = 0;
  for (std::size_t rung = 0; sweep.cuts() && rung < sweep.reported_rungs(); ++rung) {
    const RungCount count = count_at(sweep, rung);
    if (count.all() == 0) continue;
    all += count.all();
    table += row(sweep, rung, count);
  }
  if (all == 0) return "";
  return "<section aria-labelledby=\"rungs\">\n<h2 id=\"rungs\">Rungs</h2>\n<p>" +
         escape(explanation(sweep)) +
         "</p>\n<ul class=\"legend\" aria-label=\"What the marks are\" id=\"marks\" hidden></ul>\n<p "
         "class=\"readout\" id=\"rung-readout\"></p>\n<div id=\"rung-chart\" class=\"drawing\" role=\"img\" "
         "tabindex=\"0\" aria-label=\"Trials at each rung; their numbers are in the table below\"></div>\n" +
         scroll_box("Rungs", table + "</tbody>\n</table>\n") + "</section>\n";
}

}  // namespace ppo
