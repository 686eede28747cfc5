// What comes first: how the sweep stands, the winner beside the config as it stands, and what cutting has
// cost.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

std::string tile(const std::string& name, const std::string& value, const std::string& note) {
  return "<div><dt>" + escape(name) + "</dt><dd class=\"value\">" + escape(value) + "</dd>" +
         (note.empty() ? "" : "<dd class=\"note\">" + escape(note) + "</dd>") + "</div>\n";
}

/// "median of 10 seeds; 26,624 steps to 44,032 steps, 10 of 10 reached it".
std::string spread_text(const ReportedSweep& sweep, const ConfirmedTrial& trial) {
  const std::string seeds = std::to_string(sweep.confirm_seeds.size());
  std::string text = "median of " + seeds + " new seeds; they lie between " + score_text(sweep, trial.low) +
                     " and " + score_text(sweep, trial.high);
  if (lower_is_better(sweep.metric))
    text += "; " + std::to_string(trial.reached) + " of " + seeds + " reached it";
  return text;
}

const ConfirmedTrial* confirmed(const ReportedSweep& sweep, std::int64_t trial) {
  const auto found = std::ranges::find(sweep.ranking, trial, &ConfirmedTrial::trial);
  return found == sweep.ranking.end() ? nullptr : &*found;
}

std::string standing_tile(const ReportedSweep& sweep) {
  constexpr const char* kName = "As it stands: trial 0";
  if (const ConfirmedTrial* base = confirmed(sweep, 0)) {
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
    return tile("Winner: trial " + grouped(winner.trial), score_text(sweep, winner.score),
                spread_text(sweep, winner));
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
  std::string note = "before the confirmation";
  if (sweep.cuts()) note += "; " + fmt::format("{:.0f}", share) + " % of training all trials to the end";
  html += tile("Steps", number(steps), note);
  const std::string seconds = fact(sweep, "seconds");
  if (!seconds.empty()) {
    html += tile("Time", duration(std::strtod(seconds.c_str(), nullptr)), fact(sweep, "device"));
  }
  return html;
}

/// The confirmed seeds lie so far apart that a median says little about the next one.
std::string spread_warning(const ReportedSweep& sweep) {
  const ConfirmedTrial& winner = sweep.ranking.front();
  const auto seeds = static_cast<std::int64_t>(sweep.confirm_seeds.size());
  if (lower_is_better(sweep.metric)) {
    if (winner.reached < seeds) {
      return "Only " + std::to_string(winner.reached) + " of the winner's " + std::to_string(seeds) +
             " confirmed seeds reach the target: with another seed it may fail.";
    }
    if (winner.high <= 2 * winner.low) return "";
    return "The winner's confirmed seeds lie far apart: the slowest takes " +
           number(winner.high / winner.low) + " times as many steps as the fastest.";
  }
  const double wide = 0.2 * std::abs(winner.score);
  if (!(winner.high - winner.low > wide)) return "";
  return "The winner's confirmed seeds lie far apart: between " + number(winner.low) + " and " +
         number(winner.high) + ", more than a fifth of their median.";
}

std::string gain_warning(const ReportedSweep& sweep) {
  const ConfirmedTrial& winner = sweep.ranking.front();
  if (winner.trial == 0) {
    return "The config as it stands has won: no other trial was better when it was confirmed.";
  }
  const ConfirmedTrial* base = confirmed(sweep, 0);
  if (base == nullptr) return "";
  const bool lower = lower_is_better(sweep.metric);
  const double worst = lower ? winner.high : winner.low;
  const double best = lower ? base->low : base->high;
  const bool apart = !std::isnan(worst) && (std::isnan(best) || (lower ? worst < best : worst > best));
  if (apart) return "";
  return "Some seeds of the config as it stands do better than some of the winner's: their ranges overlap.";
}

std::string notice(const std::string& text) {
  return text.empty() ? "" : "<p class=\"notice\">" + escape(text) + "</p>\n";
}

/// How a sweep is ended whose process has.
std::string going_on(const ReportedSweep& sweep) {
  return "<p class=\"after\">If it was ended before its time, this goes on with it:</p>\n" +
         command_line(resume_command(sweep.folder));
}

std::string control_text(const ReportedSweep& sweep) {
  const SweepControl& control = *sweep.control;
  const auto trial = [&](std::int64_t number) { return sweep.trials[static_cast<std::size_t>(number)]; };
  const auto named = [&](std::int64_t number) {
    return "trial " + grouped(number) + " (" + score_text(sweep, trial(number).standing.score) + ')';
  };
  std::string text = "What cutting costs: " + counted(control.trials, "trial") +
                     ", drawn at random, trained to the end whatever their rank. ";
  if (!control.cut) return text + "None of them that finished would have been cut.";
  text += "The best of them that would have been cut, after " +
          counted(trial(*control.cut).cut_at.value_or(0), "step") + ", is " + named(*control.cut);
  text += control.kept ? "; the best of the others is " + named(*control.kept) + ". "
                       : "; there is no other that finished. ";
  const bool is_lost =
      !control.kept || is_better(trial(*control.cut).standing, trial(*control.kept).standing, sweep.metric);
  if (!is_lost) return text + "Cutting would have kept the best of them.";
  return text +
         "Cutting would have lost the best of them: a larger grace_steps would keep such trials longer.";
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
  const bool at_end = !key.is_list() && (at < 0.03 || at > 0.97);
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
  if (!is_scheduled(sweep)) return "best.toml is the whole config with these values; this trains it:";
  return "best.toml is the whole config with these values, which are the last of its schedule; this trains "
         "it "
         "with all of them:";
}

std::string best_command(const ReportedSweep& sweep) {
  const auto file = [&](const char* name) { return file_word((sweep.folder / name).native()); };
  const std::string command = program_name() + " --config " + file("best.toml");
  return is_scheduled(sweep) ? command + " --replay " + file("schedule.csv") : command;
}

}  // namespace

std::string sweep_notices(const ReportedSweep& sweep) {
  switch (sweep.stage) {
    case SweepStage::before_first_rung:
      return notice("The sweep has not come to its first rung: there are no trials to show yet.") +
             going_on(sweep);
    case SweepStage::running:
      return notice(
                 "The sweep is not complete: this page shows what it has on record. The best trials are not "
                 "confirmed yet, so there is no ranking.") +
             going_on(sweep);
    default:
      return sweep.ranking.empty() ? "" : notice(spread_warning(sweep)) + notice(gain_warning(sweep));
  }
}

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
      "<table class=\"values\">\n<thead><tr><th scope=\"col\">Key</th><th scope=\"col\">Winner</th><th "
      "scope=\"col\">As it stands</th><th scope=\"col\" "
      "class=\"range\">Searched</th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) table += values_row(sweep, k);
  return "<section aria-labelledby=\"values\">\n<h2 id=\"values\">The winner’s values</h2>\n" +
         scroll_box("Values of the winner", table + "</tbody>\n</table>\n") + "<p class=\"after\">" +
         best_text(sweep) + "</p>\n" + command_line(best_command(sweep)) + "</section>\n";
}

}  // namespace ppo
