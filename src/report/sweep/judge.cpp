#include "report/sweep/judge.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "sweep/ranking.hpp"
#include "sweep/score.hpp"

namespace ppo {
namespace {

const char* metric_name(SweepMetric metric) {
  if (metric == SweepMetric::steps_to_greedy) return "steps_to_greedy";
  return metric == SweepMetric::return_100 ? "return_100" : "best_eval";
}

std::optional<double> some(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

}  // namespace

Judge::Judge(SweepMetric metric, std::optional<double> target)
    : metric_(metric), target_(target.value_or(std::numeric_limits<double>::infinity())) {
  plan_.metric = metric_name(metric);
}

Standing Judge::standing(std::vector<SweepAgent> agents) {
  if (agents.empty()) return {};
  trial_.agents = std::move(agents);
  const Score score = score_of(plan_, target_, trial_);
  return {score.median.value_or(std::numeric_limits<double>::quiet_NaN()), score.mean_return, score.reached};
}

RungStanding Judge::rung_standing(const std::vector<SweepAgent>& agents) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  RungStanding at{standing(agents), kNone, kNone};
  for (const SweepAgent& agent : agents) {
    const double value = rung_value(standing({agent}), metric_);
    at.low = std::fmin(at.low, value);  // fmin and fmax prefer a number to NaN
    at.high = std::fmax(at.high, value);
  }
  return at;
}

bool is_wide(const ReportedSweep& sweep, const ConfirmedTrial& trial) {
  SweepPlan plan;
  plan.metric = metric_name(sweep.metric);
  Confirmed found{};
  found.score.median = some(trial.score);
  found.metrics.resize(sweep.confirm_seeds.size());
  found.low = some(trial.low);
  found.high = some(trial.high);
  found.reached = trial.reached;
  // All of them are there where all seeds have a score, unless the file is not as the sweep wrote it.
  return !found.score.median || !found.low || !found.high || is_wide(plan, found);
}

}  // namespace ppo
