// The ranking and all trials as tables.
#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostRows = 1000;
constexpr std::size_t kMostSeeds = 20;  // that have columns of their own

std::string heading(std::string_view text) {
  return "<th scope=\"col\">" + escape(text) + "</th>";
}

/// A heading that page.js makes a button that sorts.
std::string sorting(std::string_view text) {
  return "<th scope=\"col\" aria-sort=\"none\"><button type=\"button\" class=\"sort\">" + escape(text) +
         "</button></th>";
}

std::string cell(const std::string& text) {
  return "<td>" + escape(text) + "</td>";
}

/// A cell, with the number that it is sorted by.
std::string cell(const std::string& text, double order) {
  return "<td data-order=\"" + plain_number(order) + "\">" + escape(text) + "</td>";
}

std::string cut_short(const ReportedSweep& sweep, double score) {
  return std::isnan(score)               ? "–"
         : lower_is_better(sweep.metric) ? grouped(std::llround(std::clamp(score, -1e15, 1e15)))
                                         : number(score);
}

std::string key_headings(const ReportedSweep& sweep, std::string (*head)(std::string_view)) {
  std::string html;
  for (const SweptKey& key : sweep.keys) html += head(key.key);
  return html;
}

std::string ranking_row(const ReportedSweep& sweep, std::size_t rank, std::size_t seeds) {
  const ConfirmedTrial& trial = sweep.ranking[rank];
  std::string html = "<tr><th scope=\"row\">" + std::to_string(rank + 1) + "</th>" +
                     cell(grouped(trial.trial)) + cell(cut_short(sweep, trial.score)) +
                     cell(cut_short(sweep, trial.low)) + cell(cut_short(sweep, trial.high));
  if (lower_is_better(sweep.metric)) {
    html += cell(std::to_string(trial.reached) + " of " + std::to_string(sweep.confirm_seeds.size()));
  }
  for (const std::string& value : trial.values) html += cell(short_value(value));
  for (std::size_t i = 0; i < seeds && i < trial.seeds.size(); ++i)
    html += cell(cut_short(sweep, trial.seeds[i]));
  return html + "</tr>\n";
}

/// All of the sweep's seeds at a glance: "26,624 to 44,032".
std::string seeds_range(const ReportedSweep& sweep, const ReportedTrial& trial) {
  std::vector<double> seeds = trial.seeds;
  std::erase_if(seeds, [](double seed) { return std::isnan(seed); });
  if (seeds.empty()) return "–";
  const auto [least, most] = std::ranges::minmax(seeds);
  const std::string low = cut_short(sweep, least);
  std::string text = least == most ? low : low + " to " + cut_short(sweep, most);
  const std::size_t missing = trial.seeds.size() - seeds.size();
  return missing == 0 ? text : text + ", " + std::to_string(missing) + " not";
}

std::string trial_row(const ReportedSweep& sweep, std::size_t number, std::size_t place) {
  const ReportedTrial& trial = sweep.trials[number];
  const double mean = trial.standing.mean_return;
  std::string html = "<tr data-trial=\"" + std::to_string(number) + "\"><th scope=\"row\" data-order=\"" +
                     std::to_string(number) + "\">" + grouped(static_cast<std::int64_t>(number)) + "</th>" +
                     cell(cut_short(sweep, trial.standing.score), static_cast<double>(place)) +
                     cell(seeds_range(sweep, trial)) +
                     cell(std::isinf(mean) ? "–" : ppo::number(mean), std::max(mean, -1e300)) +
                     cell(grouped(trial.steps), static_cast<double>(trial.steps)) + "<td class=\"state\">" +
                     escape(state_text(trial)) + "</td>";
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    html +=
        cell(short_value(trial.values[k]), KeyAxis(sweep.keys[k], k, sweep.trials).position(trial.values[k]));
  }
  return html + "</tr>\n";
}

}  // namespace

std::string ranking_section(const ReportedSweep& sweep) {
  if (sweep.ranking.empty()) return "";
  const std::size_t rows = std::min(sweep.ranking.size(), kMostRows);
  const std::size_t seeds = std::min(sweep.confirm_seeds.size(), kMostSeeds);
  std::string text =
      "Trained anew with " + counted(static_cast<std::int64_t>(sweep.confirm_seeds.size()), "seed") +
      " that the sweep had not seen. Where the ranges of two trials overlap, their order may be chance.";
  if (seeds < sweep.confirm_seeds.size() || rows < sweep.ranking.size())
    text += " confirmed.csv has all numbers.";
  std::string table = "<table>\n<thead><tr>" + heading("Rank") + heading("Trial") + heading("Score") +
                      heading("Least") + heading("Greatest");
  if (lower_is_better(sweep.metric)) table += heading("Reached");
  table += key_headings(sweep, heading);
  for (std::size_t i = 0; i < seeds; ++i) table += heading("Seed " + std::to_string(sweep.confirm_seeds[i]));
  table += "</tr></thead>\n<tbody>\n";
  for (std::size_t rank = 0; rank < rows; ++rank) table += ranking_row(sweep, rank, seeds);
  return "<section aria-labelledby=\"ranking\">\n<h2 id=\"ranking\">Ranking of the confirmed "
         "trials</h2>\n<p>" +
         text + "</p>\n" + scroll_box("Ranking", table + "</tbody>\n</table>\n") + "</section>\n";
}

std::string trials_section(const ReportedSweep& sweep) {
  if (sweep.trials.empty()) return "";
  const std::vector<std::size_t> order = trials_by_score(sweep);
  const std::size_t rows = std::min(order.size(), kMostRows);
  std::string text = "By score over the seeds of the sweep";
  text += lower_is_better(sweep.metric)
              ? ", in steps; those that tie, or have none, by the mean return of all evaluations."
              : "; those that tie by the mean return of all evaluations.";
  if (rows < order.size()) {
    text += " The table holds the best " + grouped(static_cast<std::int64_t>(rows)) + " of " +
            grouped(static_cast<std::int64_t>(order.size())) + " trials; trials.csv has all.";
  }
  std::string table = "<table class=\"sortable\">\n<thead><tr>" + sorting("Trial") + sorting("Score") +
                      heading("Seeds") + sorting("Mean return") + sorting("Steps") + heading("State") +
                      key_headings(sweep, sorting) + "</tr></thead>\n<tbody>\n";
  for (std::size_t place = 0; place < rows; ++place) table += trial_row(sweep, order[place], place);
  return "<section aria-labelledby=\"trials\">\n<h2 id=\"trials\">All trials</h2>\n<p>" + text + "</p>\n" +
         scroll_box("All trials", table + "</tbody>\n</table>\n") + "</section>\n";
}

}  // namespace ppo
