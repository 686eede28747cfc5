#include "sweep/ranking.hpp"

#include <algorithm>
#include <cmath>

#include "sweep/halving.hpp"
#include "system/sort_stably.hpp"

namespace ppo {
namespace {

Confirmed confirmed(const SweepConfig& sweep, const Trial& trial) {
  const double target = target_of(sweep);
  Confirmed found{.trial = &trial,
                  .score = score_of(sweep.plan, target, trial),
                  .metrics = sorted_metrics(sweep.plan, target, trial),
                  .low = {},
                  .high = {},
                  .reached = 0};
  found.reached = found.score.reached;
  for (const std::optional<double>& metric : found.metrics) {
    if (!metric) continue;
    found.low = std::min(found.low.value_or(*metric), *metric);
    found.high = std::max(found.high.value_or(*metric), *metric);
  }
  return found;
}

}  // namespace

bool is_wide(const SweepPlan& plan, const Confirmed& found) {
  if (found.reached < static_cast<std::int64_t>(found.metrics.size())) return true;
  if (plan.counts_steps()) return *found.high > 2 * *found.low;
  return *found.high - *found.low > 0.2 * std::abs(*found.score.median);
}

std::vector<Confirmed> ranking(const SweepConfig& sweep, const SweepState& state) {
  std::vector<Confirmed> all;
  for (const Trial& trial : state.confirmed) all.push_back(confirmed(sweep, trial));
  sort_stably(all, [&](const Confirmed& first, const Confirmed& second) {
    return is_better(sweep.plan, first.score, second.score);
  });
  return all;
}

std::optional<Control> control_of(const SweepConfig& sweep, const SweepState& state) {
  if (!sweep.plan.halves() || state.confirmed.empty()) return std::nullopt;
  Control control{.trials = std::ranges::count(find_control(sweep), true)};
  if (control.trials == 0) return std::nullopt;
  const double target = target_of(sweep);
  for (const std::size_t place : ranked(sweep.plan, target, state.trials, finished(state.trials))) {
    const Trial& trial = state.trials[place];
    const Trial*& best = trial.cut_at ? control.best_cut : control.best_kept;
    if (best == nullptr) best = &trial;
  }
  if (control.best_kept == nullptr || control.best_cut == nullptr) return control;
  const Score kept = score_of(sweep.plan, target, *control.best_kept);
  const Score cut = score_of(sweep.plan, target, *control.best_cut);
  if (kept.median || cut.median) {
    control.has_cost = kept.median != cut.median && is_better(sweep.plan, cut, kept);
  }
  return control;
}

}  // namespace ppo
