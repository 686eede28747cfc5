// How trials of a sweep compare: as the sweep itself compares them.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace ppo {

enum class SweepMetric { steps_to_greedy, return_100, best_eval };

inline bool lower_is_better(SweepMetric metric) {
  return metric == SweepMetric::steps_to_greedy;
}

/// Of a trial after some steps. A tie of scores is broken by the mean return, and where there is no score,
/// before that by the seeds that have reached it.
struct Standing {
  double score = std::numeric_limits<double>::quiet_NaN();  // NaN: none, worse than any
  /// Over all evaluations of all seeds so far; minus infinity: one of them has none, or has diverged.
  double mean_return = -std::numeric_limits<double>::infinity();
  std::int64_t reached = 0;  // seeds with a metric; decides between trials without a score
};

/// Of a trial when it came to a rung.
struct RungStanding {
  Standing standing;
  double low;  // over its seeds, of what rung_value() takes
  double high;
};

/// Whether the score, or the metric of a seed, `a` is better than `b`; false when they tie. NaN is worse than
/// any.
bool is_better_value(double a, double b, SweepMetric metric);

/// Whether `a` is better than `b`; false when they tie.
bool is_better(const Standing& a, const Standing& b, SweepMetric metric);

/// What is compared at a rung: the score, or while few have reached the target, the mean return. NaN: none.
double rung_value(const Standing& standing, SweepMetric metric);

/// Ranks from 1, the best; those that tie share the mean of their ranks.
std::vector<double> shared_ranks(const std::vector<Standing>& standings, SweepMetric metric);

}  // namespace ppo
