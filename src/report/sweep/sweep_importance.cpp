// How much of the differences between trials goes with each key.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/sort_stably.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

Importance importance_at(const ReportedSweep& sweep, std::size_t place, const Measure& measure,
                         const std::vector<double>& ranks) {
  const KeyAxis axis(sweep.keys[place], place, sweep.trials);
  std::vector<double> positions;
  for (std::size_t trial = 0; trial < sweep.trials.size(); ++trial) {
    const bool takes_part = measure.takes_part[trial] != 0;
    positions.push_back(takes_part ? axis.position(sweep.trials[trial].values[place]) : -1);
  }
  return importance_of(ranks, bins_of(positions));
}

std::string percent(double share) {
  return fmt::format("{:.0f} %", 100 * share);
}

std::string bar(const Importance& importance, double widest) {
  const auto width = [&](double share) {
    return fmt::format("{:.2f}%", 100 * std::min(share / widest, 1.0));
  };
  const std::string chance = width(importance.chance);
  return "<svg class=\"bar\" width=\"100%\" height=\"14\" aria-hidden=\"true\"><rect class=\"share\" x=\"0\" "
         "y=\"1\" height=\"12\" width=\"" +
         width(importance.share) + "\"/><line class=\"chance\" x1=\"" + chance + "\" x2=\"" + chance +
         "\" y1=\"0\" y2=\"14\"/></svg>";
}

std::string row(const std::string& key, const Importance& importance, double widest) {
  const bool is_seen = importance.share > importance.chance;
  return "<tr><th scope=\"row\" class=\"code\">" + escape(key) + "</th><td>" + percent(importance.share) +
         (is_seen ? "" : "<span class=\"note\">no more than chance</span>") + "</td><td>" +
         bar(importance, widest) + "</td></tr>\n";
}

}  // namespace

std::string importance_section(const ReportedSweep& sweep) {
  // In a population, trials that share an ancestor share values and score.
  if (!can_compare(sweep) || sweep.method == "pbt") return "";
  const Measure measure = fair_measure(sweep);
  // Some have trained for longer than others, and often because of their values.
  if (measure.key != "first" && !sweep.is_complete()) return "";
  const std::vector<double> ranks = shared_ranks(measure.standings, sweep.metric);
  std::vector<std::pair<std::string, Importance>> all;
  double widest = 0.01;
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    all.emplace_back(sweep.keys[k].key, importance_at(sweep, k, measure, ranks));
    widest = std::max({widest, all.back().second.share, 1.15 * all.back().second.chance});
  }
  sort_stably(all, [](const auto& a, const auto& b) { return a.second.share > b.second.share; });
  std::string table =
      "<table class=\"importance\">\n<thead><tr><th scope=\"col\">Key</th><th scope=\"col\">Share</th><th "
      "scope=\"col\"><span class=\"unseen\">Bar</span></th></tr></thead>\n<tbody>\n";
  for (const auto& [key, importance] : all) table += row(key, importance, widest);
  const std::string when = measure.key == "first" && sweep.cuts()
                               ? "at the first rung, after " + grouped(sweep.rungs.front()) +
                                     " steps, where no trial has been cut yet"
                           : measure.key == "first" ? std::string("at the end")
                                                    : std::string("by their score");
  return "<section aria-labelledby=\"importance\">\n<h2 id=\"importance\">Which keys matter</h2>\n<p>The "
         "share of the variance of the trials’ ranks " +
         when +
         ", that the value of one key by itself explains (epsilon squared over bins of its values, corrected "
         "for their number). The line across a bar is what a key without any effect reaches in one of 20 "
         "sweeps.</p>\n<p>It says how much it matters within the searched ranges which value the key has, "
         "not which value is good, and nothing of what only shows together with another key or later in "
         "training. The shares need not add up to 100 %.</p>\n" +
         table + "</tbody>\n</table>\n</section>\n";
}

}  // namespace ppo
