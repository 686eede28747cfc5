#include "sweep/summary.hpp"

#include <fmt/format.h>

#include "sweep/ranking.hpp"
#include "system/join.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// "steps to 475: 12,288 (10,240 to 20,480), reached with 10 of 10 seeds".
std::string result_text(const SweepConfig& sweep, const Confirmed& found, const Style& style) {
  const SweepPlan& plan = sweep.plan;
  std::string text =
      metric_name(plan, target_of(sweep)) + ": " + style.bold(metric_text(plan, found.score.median));
  if (found.low) {
    text += fmt::format(" ({} to {})", metric_text(plan, found.low), metric_text(plan, found.high));
  }
  return text + fmt::format(", {} of {}", found.reached,
                            counted(static_cast<std::int64_t>(found.metrics.size()), "seed"));
}

std::string control_text(const SweepConfig& sweep, const Control& control) {
  const auto text = [&](const Trial* trial) {
    return trial == nullptr ? std::string("none")
                            : metric_text(sweep.plan, score_of(sweep.plan, target_of(sweep), *trial).median);
  };
  const std::string verdict = control.has_cost ? "cutting would have lost the best of them"
                                               : "cutting would have kept the best of them";
  return fmt::format("of {} that trained on whatever their rank, {}: {} kept, {} cut",
                     counted(control.trials, "trial"), verdict, text(control.best_kept),
                     text(control.best_cut));
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

std::string train_command(const std::filesystem::path& config) {
  return program_name() + " --config " + file_word(config.native());
}

std::vector<std::pair<std::string, std::string>> summary_of(const SweepConfig& sweep, const SweepState& state,
                                                            const SweepEffort& run, const Style& style) {
  std::vector<std::pair<std::string, std::string>> lines;
  const double rate = static_cast<double>(run.steps) / run.seconds;
  lines.emplace_back(style.dim("done"),
                     fmt::format("{} steps in {:.1f} s, ", grouped(run.steps), run.seconds) +
                         style.bold(grouped(static_cast<std::int64_t>(rate))) + " steps/s");
  const std::vector<Confirmed> all = ranking(sweep, state);
  const Confirmed& best = all.front();
  lines.emplace_back("best",
                     fmt::format("trial {}: {}", best.trial->number, values_text(sweep, *best.trial)));
  lines.emplace_back("", result_text(sweep, best, style));
  if (is_wide(sweep.plan, best)) {
    lines.emplace_back(style.caution("note"), "its seeds differ widely; more confirm_seeds would tell more");
  }
  for (const Confirmed& other : all) {
    if (other.trial->number != 0 || other.trial == best.trial) continue;
    lines.emplace_back("config", "as it stands (trial 0), " + result_text(sweep, other, style));
  }
  if (best.trial->number == 0) {
    lines.emplace_back(style.caution("note"),
                       "nothing was found that is better than the config as it stands");
  }
  if (const auto control = control_of(sweep, state)) {
    lines.emplace_back("control", control_text(sweep, *control));
  }
  return lines;
}

}  // namespace ppo
