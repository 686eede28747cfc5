// What comes first of the figures: the winner beside the config as it stands, and what cutting has
// cost.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string tile(const std::string& name, const std::string& value, const std::string& note) {
  return "<div><dt>" + escape(name) + "</dt><dd class=\"value\">" + escape(value) + "</dd>" +
         (note.empty() ? "" : "<dd class=\"note\">" + escape(note) + "</dd>") + "</div>\n";
}

/// "median of 10 new seeds; they lie between 26,624 steps and 44,032 steps; 10 of 10 reached it".
std::string spread_text(const ReportedSweep& sweep, const ConfirmedTrial& trial) {
  const auto seeds = static_cast<std::int64_t>(sweep.confirm_seeds.size());
  const bool is_lower = lower_is_better(sweep.metric);
  const bool is_same = trial.low == trial.high;
  const std::string low = score_text(sweep, trial.low);
  const std::string between = "between " + low + " and " + score_text(sweep, trial.high);
  std::string text = (seeds > 1 ? "median of " : "") + counted(seeds, "new seed");
  const std::string share = "; " + std::to_string(trial.reached) + " of " + std::to_string(seeds);
  if (trial.reached < seeds) {
    text += share + (is_lower ? " reached it" : trial.reached == 1 ? " has a score" : " have a score");
    return trial.reached == 0 ? text : text + ": " + (is_same ? low : between);
  }
  if (seeds > 1) text += is_same ? "; all seeds: " + low : "; they lie " + between;
  return is_lower ? text + share + " reached it" : text;
}

std::string standing_tile(const ReportedSweep& sweep) {
  constexpr const char* kName = "As it stands: trial 0";
  if (!sweep.ranking.empty() && sweep.ranking.front().trial == 0) return "";  // has been said
  if (const ConfirmedTrial* base = confirmed_trial(sweep, 0)) {
    return tile(kName, score_text(sweep, base->score), spread_text(sweep, *base));
  }
  const ReportedTrial& base = sweep.trials.front();
  const std::string seeds = counted(static_cast<std::int64_t>(sweep.seeds.size()), "seed");
  return tile(kName, score_text(sweep, base.standing.score),
              "median of the sweep's " + seeds + "; " + state_text(base) + ", not confirmed");
}

std::string best_tile(const ReportedSweep& sweep) {
  if (!sweep.ranking.empty()) {
    const ConfirmedTrial& winner = sweep.ranking.front();
    const std::string name = (sweep.has_winner() ? "Winner: trial " : "Ranked first: trial ") +
                             grouped(winner.trial) + (winner.trial == 0 ? ", as it stands" : "");
    return tile(name, score_text(sweep, winner.score), spread_text(sweep, winner));
  }
  if (sweep.trials.empty()) return "";
  const std::size_t best = trials_by_score(sweep).front();
  const Standing& standing = sweep.trials[best].standing;
  const bool has_return = std::isnan(standing.score) && std::isfinite(standing.mean_return);
  return tile("Best so far: trial " + grouped(static_cast<std::int64_t>(best)),
              score_text(sweep, standing.score),
              "median of " + counted(static_cast<std::int64_t>(sweep.seeds.size()), "seed") +
                  ", chosen as the best of many: not confirmed" +
                  (has_return ? "; mean return so far " + number(standing.mean_return) : ""));
}

std::string fact(const ReportedSweep& sweep, std::string_view name) {
  for (const auto& [key, value] : sweep.facts) {
    if (key == name) return value;
  }
  return "";
}

/// Where it ran: "cpu, avx2, 2 threads", "cuda:0, NVIDIA H200". Older files have what was asked for, which
/// may have been "auto".
std::string engine_text(const ReportedSweep& sweep) {
  const std::string threads = fact(sweep, "threads");
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  if (fact(sweep, "device") != "auto") add(fact(sweep, "device"));
  add(fact(sweep, "simd"));
  add(fact(sweep, "gpu"));
  if (!threads.empty()) add(threads + (threads == "1" ? " thread" : " threads"));
  return text;
}

std::string work_tiles(const ReportedSweep& sweep) {
  const auto seeds = static_cast<double>(sweep.seeds.size());
  const double whole =
      static_cast<double>(sweep.total_timesteps) * static_cast<double>(sweep.trials.size()) * seeds;
  double steps = 0;
  for (const ReportedTrial& trial : sweep.trials) steps += static_cast<double>(trial.steps) * seeds;
  std::string html =
      tile("Trials", grouped(sweep.planned_trials),
           "of " + counted(static_cast<std::int64_t>(sweep.seeds.size()), "seed") + " each, " + sweep.method);
  const double share = whole > 0 ? 100 * steps / whole : 100;
  std::string note = sweep.is_complete() ? "before the confirmation" : "so far";
  if (sweep.cuts() && sweep.is_complete())
    note += "; " + fmt::format("{:.0f}", share) + " % of training all trials to the end";
  html += tile("Steps", number(steps), note);
  const std::string seconds = fact(sweep, "seconds");
  if (!seconds.empty()) {
    html += tile("Time", duration(std::strtod(seconds.c_str(), nullptr)), engine_text(sweep));
  }
  return html;
}

/// Of the controls that would have been cut: why there is none to compare.
std::string why_unknown(const ReportedSweep& sweep) {
  if (sweep.control->cut) return "No trial that passed every rung has a score to compare with theirs.";
  return std::ranges::any_of(sweep.trials, &ReportedTrial::is_control)
             ? "None of those that would have been cut has a score: they are too few to tell."
             : "None of them would have been cut: they are too few to tell.";
}

std::string control_text(const ReportedSweep& sweep) {
  const SweepControl& control = *sweep.control;
  const std::string start = "What cutting costs: " + counted(control.trials, "trial") +
                            ", drawn at random, trained to the end whatever " +
                            (control.trials == 1 ? "its" : "their") + " rank. ";
  if (!control.cut || !control.kept) return start + why_unknown(sweep);
  const ReportedTrial& cut = sweep.trials[static_cast<std::size_t>(*control.cut)];
  const ReportedTrial& kept = sweep.trials[static_cast<std::size_t>(*control.kept)];
  const auto named = [&](std::int64_t number, const ReportedTrial& trial) {
    return "trial " + grouped(number) + " (" + score_text(sweep, trial.standing.score) + ')';
  };
  const bool is_lost = is_better_value(cut.standing.score, kept.standing.score, sweep.metric);
  return start + "The best of those that would have been cut, after " +
         counted(cut.cut_at.value_or(0), "step") + ", is " + named(*control.cut, cut) +
         "; the best of all trials that were kept is " + named(*control.kept, kept) + ". " +
         (is_lost ? "Cutting loses better trials than it keeps: a larger grace_steps would keep them longer."
                  : "Cutting has lost none that was better.");
}

std::string values_row(const ReportedSweep& sweep, std::size_t place) {
  const SweptKey& key = sweep.keys[place];
  const std::string& winner = sweep.ranking.front().values[place];
  const std::string& base = sweep.trials.front().values[place];
  std::string range;
  for (const std::string& value : key.values) range += (range.empty() ? "" : ", ") + value;
  if (!key.is_list()) {
    range = plain_number(key.least) + " to " + plain_number(key.most);
    if (key.scale != "linear") range += ", " + key.scale;
  }
  const KeyAxis axis(key, place, sweep.trials);
  const double at = axis.position(winner);
  const bool at_end = sweep.has_winner() && !key.is_list() && (at < 0.03 || at > 0.97);
  return "<tr><th scope=\"row\" class=\"code\">" + escape(key.key) + "</th><td class=\"code\">" +
         (winner == base ? escape(short_value(winner))
                         : "<strong>" + escape(short_value(winner)) + "</strong>") +
         "</td><td class=\"code\">" + escape(short_value(base)) + "</td><td class=\"range\">" +
         escape(range) + (at_end ? " <span class=\"badge\">winner near the end</span>" : "") + "</td></tr>\n";
}

/// A population's winner has had other values before: they are in its schedule.
bool is_scheduled(const ReportedSweep& sweep) {
  return sweep.schedule.size() > 1;
}

std::string best_text(const ReportedSweep& sweep) {
  const std::string what = "best.toml is the whole config with these values";
  if (is_scheduled(sweep))
    return what + ", which are the last of its schedule; this trains it with all of them:";
  if (sweep.schedule.empty()) return what + "; this trains it:";
  return what + ", which it had throughout, as it never copied another trial; this trains it:";
}

std::string best_command(const ReportedSweep& sweep) {
  const auto file = [&](const char* name) { return file_word((sweep.folder / name).native()); };
  const std::string command = program_name() + " --config " + file("best.toml");
  return is_scheduled(sweep) ? command + " --replay " + file("schedule.csv") : command;
}

}  // namespace

std::string sweep_result_section(const ReportedSweep& sweep) {
  if (sweep.trials.empty()) return "";
  std::string html = "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Result</h2>\n<p>Score: " +
                     escape(metric_text(sweep)) +
                     (lower_is_better(sweep.metric) ? ", fewer are better" : "") +
                     "; the median over seeds, of an even number the worse of the middle two.</p>\n<dl "
                     "class=\"figures\">\n" +
                     best_tile(sweep) + standing_tile(sweep) + work_tiles(sweep) + "</dl>\n";
  if (sweep.control) html += "<p class=\"after\">" + escape(control_text(sweep)) + "</p>\n";
  return html + "</section>\n";
}

std::string sweep_values_section(const ReportedSweep& sweep) {
  if (sweep.ranking.empty()) return "";
  std::string table =
      std::string("<table class=\"values\">\n<thead><tr><th scope=\"col\">Key</th><th scope=\"col\">") +
      (sweep.has_winner() ? "Winner" : "Ranked first") +
      "</th><th scope=\"col\">As it stands</th><th scope=\"col\" "
      "class=\"range\">Searched</th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) table += values_row(sweep, k);
  return std::string("<section aria-labelledby=\"values\">\n<h2 id=\"values\">") +
         (sweep.has_winner() ? "The winner’s values" : "Values of the trial that is ranked first") +
         "</h2>\n" + scroll_box("Values of the best", table + "</tbody>\n</table>\n") +
         "<p class=\"after\">" + best_text(sweep) + "</p>\n" + command_line(best_command(sweep)) +
         "</section>\n";
}

}  // namespace ppo
