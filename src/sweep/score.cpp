#include "sweep/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/environment.hpp"
#include "system/errors.hpp"
#include "system/sort_stably.hpp"

namespace ppo {
namespace {

constexpr double kWorst = -std::numeric_limits<double>::infinity();
constexpr double kNone = std::numeric_limits<double>::infinity();  // no return is enough

/// From which point on all reach the target.
std::optional<double> steps_to(double target, const std::vector<CurvePoint>& curve) {
  std::optional<double> steps;
  for (auto point = curve.rbegin(); point != curve.rend() && point->value >= target; ++point) {
    steps = static_cast<double>(point->steps);
  }
  return steps;
}

/// Whether the first value of the metric is better.
bool is_better_value(const SweepPlan& plan, const std::optional<double>& first,
                     const std::optional<double>& second) {
  if (!first || !second) return first.has_value();
  return plan.counts_steps() ? *first < *second : *first > *second;
}

double mean_return_since(const SweepAgent& agent, std::int64_t steps) {
  double sum = 0;
  std::int64_t points = 0;
  for (const CurvePoint& point : agent.curve) {
    if (point.steps <= steps) continue;
    sum += point.value;
    ++points;
  }
  return agent.has_diverged || points == 0 ? kWorst : sum / static_cast<double>(points);
}

/// " counts as solved with ...; write ..., ", where the config has another time limit.
std::string other_limit(const Config& config, const EnvironmentInfo& environment) {
  const std::int32_t limit = config.hyper.max_episode_steps;
  const std::string own = "max_episode_steps = " + std::to_string(environment.time_limit);
  return " counts as solved with " + own + ", and here it is " + std::to_string(limit) +
         (limit == 0 ? " (no limit)" : "") + "; write " + own + ", ";
}

/// Throws Failure(kWrongInput), with the place of the metric.
[[noreturn]] void refuse_metric(const SweepConfig& sweep, const std::string& metric,
                                const std::string& problem) {
  throw Failure(kWrongInput, (sweep.metric_at.empty() ? "" : sweep.metric_at + ": ") + "metric " + metric +
                                 ": " + problem);
}

}  // namespace

std::optional<double> metric_of(const SweepPlan& plan, double target, const SweepAgent& agent) {
  if (agent.has_diverged || agent.curve.empty()) return std::nullopt;
  if (plan.counts_steps()) return steps_to(target, agent.curve);
  if (!plan.evaluates()) return agent.curve.back().value;
  return std::ranges::max_element(agent.curve, {}, &CurvePoint::value)->value;
}

std::vector<std::optional<double>> sorted_metrics(const SweepPlan& plan, double target, const Trial& trial) {
  std::vector<std::optional<double>> metrics;
  for (const SweepAgent& agent : trial.agents) metrics.push_back(metric_of(plan, target, agent));
  sort_stably(metrics,
              [&](const auto& first, const auto& second) { return is_better_value(plan, first, second); });
  return metrics;
}

Score score_of(const SweepPlan& plan, double target, const Trial& trial) {
  const std::vector<std::optional<double>> metrics = sorted_metrics(plan, target, trial);
  return {.median = metrics[metrics.size() / 2],
          .reached = std::ranges::count_if(metrics, [](const auto& metric) { return metric.has_value(); }),
          .mean_return = mean_return_since(trial, 0)};
}

double mean_return_since(const Trial& trial, std::int64_t steps) {
  double sum = 0;
  for (const SweepAgent& agent : trial.agents) sum += mean_return_since(agent, steps);
  return sum / static_cast<double>(trial.agents.size());
}

bool is_better(const SweepPlan& plan, const Score& first, const Score& second) {
  if (first.median != second.median) return is_better_value(plan, first.median, second.median);
  if (!first.median && first.reached != second.reached) return first.reached > second.reached;
  return first.mean_return > second.mean_return;
}

std::vector<std::size_t> ranked(const SweepPlan& plan, double target, const std::vector<Trial>& trials,
                                std::vector<std::size_t> places) {
  std::vector<Score> scores(trials.size());
  for (const std::size_t place : places) scores[place] = score_of(plan, target, trials[place]);
  sort_stably(places, [&](std::size_t first, std::size_t second) {
    return is_better(plan, scores[first], scores[second]);
  });
  return places;
}

double target_of(const SweepConfig& sweep) {
  const EnvironmentInfo& environment = find_environment(sweep.config.env)->info();
  const bool is_usual = sweep.config.hyper.max_episode_steps == environment.time_limit;
  const double own = is_usual ? static_cast<double>(environment.solved_return) : kNone;
  const bool is_given = sweep.plan.target_return != SweepPlan::kOwnTarget;
  const double target = is_given ? static_cast<double>(sweep.plan.target_return) : own;
  if (sweep.plan.counts_steps() && !std::isfinite(target)) {
    refuse_metric(sweep, "steps_to_greedy",
                  sweep.config.env +
                      (is_usual ? " has no return at which it counts as solved; write "
                                : other_limit(sweep.config, environment)) +
                      "target_return = the mean return to reach, or metric = \"best_eval\"");
  }
  return target;
}

void check_metric(const SweepConfig& sweep) {
  target_of(sweep);
  const std::int32_t own = find_environment(sweep.config.env)->info().time_limit;
  const bool lacks_limit = sweep.config.hyper.max_episode_steps == 0 && own > 0;
  if (sweep.plan.counts_steps() || sweep.plan.evaluates() || !lacks_limit) return;
  refuse_metric(sweep, "return_100",
                "without a time limit, training episodes of " + sweep.config.env +
                    " need not end; write max_episode_steps = " + std::to_string(own) + ", or another");
}

}  // namespace ppo
