#include "sweep/show/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "config/sweep/schedule.hpp"
#include "sweep/ranking.hpp"
#include "system/join.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// "steps to 475: 12,288 (10,240 to 20,480), reached with 10 of 10 seeds".
std::string result_text(const SweepConfig& sweep, const Confirmed& found, const Style& style) {
  const SweepPlan& plan = sweep.plan;
  const std::string name = metric_name(plan, target_of(sweep));
  const auto seeds = static_cast<std::int64_t>(found.metrics.size());
  const std::string verb = plan.counts_steps() ? "reached" : "measured";
  if (found.reached == 0) return fmt::format("{}: {} with none of {}", name, verb, counted(seeds, "seed"));
  const std::string low = metric_text(plan, found.low);
  const std::string high = metric_text(plan, found.high);
  const std::string range = low == high ? low : low + " to " + high;
  const std::string reached =
      found.reached == seeds && !plan.counts_steps()
          ? counted(seeds, "seed")
          : fmt::format("{} with {} of {}", verb, found.reached, counted(seeds, "seed"));
  if (!found.score.median) return fmt::format("{}: {}, after {}", name, reached, range);
  return fmt::format("{}: {} ({}), {}", name, style.bold(metric_text(plan, found.score.median)), range,
                     reached);
}

/// What makes the result of the best doubtful; empty: nothing.
std::string doubt(const SweepConfig& sweep, const Confirmed& best) {
  const auto is_lost = [](const SweepAgent& agent) { return agent.has_diverged; };
  if (std::ranges::all_of(best.trial->agents, is_lost)) return "its training diverged; give lr a smaller max";
  if (best.reached == 0) {
    return sweep.plan.counts_steps()
               ? "no seed has reached the metric; train longer, or write a lower target_return"
               : "no episode has ended, so nothing was compared; train longer";
  }
  if (!is_wide(sweep.plan, best)) return "";
  return "its seeds differ so much that the median means little; more confirm_seeds would tell more";
}

std::string control_text(const SweepConfig& sweep, const Control& control) {
  const auto text = [&](const char* name, const Trial* trial) {
    const auto score = score_of(sweep.plan, target_of(sweep), *trial).median;
    return fmt::format("{} has {}", name, score ? metric_text(sweep.plan, score) : "no score");
  };
  const std::string trained = counted(control.trials, "trial") + " trained on whatever " +
                              (control.trials == 1 ? "its" : "their") + " rank";
  if (!control.has_cost) return trained + ": too few to tell what cutting has cost";
  return fmt::format("{}: {}, {}; cutting {}", trained, text("the best that was to be cut", control.best_cut),
                     text("the best of all others", control.best_kept),
                     *control.has_cost ? "costs the best" : "has cost nothing");
}

/// Whether that schedule has more than its names and the values to begin with.
bool has_changes(const std::filesystem::path& schedule) {
  std::ifstream file(schedule);
  std::int64_t lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  return lines > 2;
}

}  // namespace

std::string values_text(const SweepConfig& sweep, const Trial& trial) {
  std::vector<std::string> parts;
  const std::vector<std::string> values = short_value_texts(trial.config, sweep.plan.space);
  for (std::size_t d = 0; d < values.size(); ++d) {
    parts.push_back(fmt::format("{} {}", sweep.plan.space[d].option->key, values[d]));
  }
  return join(parts, ", ");
}

std::string metric_name(const SweepPlan& plan, double target) {
  if (plan.counts_steps()) return fmt::format("steps to {:g}", target);
  return plan.evaluates() ? "best eval" : "return_100";
}

std::string metric_text(const SweepPlan& plan, const std::optional<double>& metric) {
  if (!metric) return "-";
  return plan.counts_steps() ? grouped(static_cast<std::int64_t>(*metric)) : fmt::format("{:.2f}", *metric);
}

std::string method_text(const SweepPlan& plan) {
  if (plan.halves()) return "successive halving";
  return plan.copies() ? "population-based training" : "random search";
}

std::string train_command(const SweepConfig& sweep, const std::filesystem::path& folder) {
  const std::string command = program_name() + " --config " + file_word((folder / "best.toml").native());
  if (!sweep.plan.copies() || !has_changes(folder / kScheduleFile)) return command;
  return command + " --replay " + file_word((folder / kScheduleFile).native());
}

std::vector<std::pair<std::string, std::string>> summary_of(const SweepConfig& sweep, const SweepState& state,
                                                            const SweepEffort& run, const Style& style) {
  std::vector<std::pair<std::string, std::string>> lines;
  const double rate = static_cast<double>(run.steps) / run.seconds;
  lines.emplace_back(style.dim("done"),
                     fmt::format("{} steps in {:.1f} s, ", grouped(run.steps), run.seconds) +
                         style.bold(grouped(static_cast<std::int64_t>(rate))) + " steps/s");
  if (run.steps < run.steps_in_all) {
    lines.emplace_back(
        "", fmt::format("{} steps in {:.1f} s in all", grouped(run.steps_in_all), run.seconds_in_all));
  }
  const std::vector<Confirmed> all = ranking(sweep, state);
  const Confirmed& best = all.front();
  lines.emplace_back("best",
                     fmt::format("trial {}: {}", best.trial->number, values_text(sweep, *best.trial)));
  lines.emplace_back("", result_text(sweep, best, style));
  if (sweep.plan.copies() && best.trial->schedule.size() > 1) {
    lines.emplace_back("",
                       fmt::format("those are its last values; schedule.csv has {}",
                                   counted(static_cast<std::int64_t>(best.trial->schedule.size()), "line")));
  }
  if (const std::string text = doubt(sweep, best); !text.empty()) {
    lines.emplace_back(style.caution("note"), text);
  }
  for (const Confirmed& other : all) {
    if (other.trial->number != 0 || other.trial == best.trial) continue;
    lines.emplace_back("config", "as it stands (trial 0), " + result_text(sweep, other, style));
  }
  if (best.trial->number == 0 && best.reached > 0) {
    lines.emplace_back(style.caution("note"),
                       "nothing was found that is better than the config as it stands");
  }
  if (const auto control = control_of(sweep, state)) {
    lines.emplace_back("control", control_text(sweep, *control));
  }
  return lines;
}

}  // namespace ppo
