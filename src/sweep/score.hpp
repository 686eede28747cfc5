// What trials are compared by.
#pragma once

#include <optional>
#include <vector>

#include "sweep/trial.hpp"

namespace ppo {

/// The metric of one agent; none: it has not been reached.
std::optional<double> metric_of(const SweepPlan& plan, double target, const SweepAgent& agent);

struct Score {
  /// The median of the metric over the seeds; of an even number the worse of the two in the middle.
  std::optional<double> median = {};
  /// Seeds that have reached it. Decides between trials without a median.
  std::int64_t reached = 0;
  /// Over all evaluations of all seeds: what learned sooner has more. Breaks ties.
  double mean_return = 0;
};

Score score_of(const SweepPlan& plan, double target, const Trial& trial);

/// The mean over the seeds of their mean return after so many steps; of one without any it is minus infinity.
double mean_return_since(const Trial& trial, std::int64_t steps);

/// Whether the first is better than the second.
bool is_better(const SweepPlan& plan, const Score& first, const Score& second);

/// The metric of each seed, the best first.
std::vector<std::optional<double>> sorted_metrics(const SweepPlan& plan, double target, const Trial& trial);

/// Places in `trials`, the best first; of equals that with the lower place.
std::vector<std::size_t> ranked(const SweepPlan& plan, double target, const std::vector<Trial>& trials,
                                std::vector<std::size_t> places);

/// The return that steps_to_greedy counts to: the plan's, or the environment's. Throws Failure(kWrongInput)
/// if there is none and the metric asks for one.
double target_of(const SweepConfig& sweep);

/// Throws Failure(kWrongInput), too, if the metric asks for training episodes and nothing need end them.
void check_metric(const SweepConfig& sweep);

}  // namespace ppo
