// How trials of a sweep compare: by score, and those that tie by their latest evaluation.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace ppo {

enum class SweepMetric { steps_to_greedy, return_100, best_eval };

inline bool lower_is_better(SweepMetric metric) {
  return metric == SweepMetric::steps_to_greedy;
}

/// Of a trial, or of one of its seeds, after some steps.
struct Standing {
  double score = std::numeric_limits<double>::quiet_NaN();   // NaN: none, worse than any
  double latest = std::numeric_limits<double>::quiet_NaN();  // return of the latest evaluation; NaN: none
};

/// Of a trial when it came to a rung.
struct RungStanding {
  Standing standing;  // latest: the mean over its seeds
  double low;         // over its seeds, of what rung_value() takes
  double high;
};

/// Whether `a` is better than `b`; false when they tie.
bool is_better(const Standing& a, const Standing& b, SweepMetric metric);

/// What evaluations of a seed add up to.
class SeedProgress {
 public:
  SeedProgress(SweepMetric metric, std::optional<double> target) : metric_(metric), target_(target) {}

  void add(std::int64_t steps, double mean_return);
  const Standing& standing() const { return standing_; }

 private:
  SweepMetric metric_;
  std::optional<double> target_;
  Standing standing_;
};

/// Of a trial from those of its seeds: the median score (of an even number the worse of the two in the
/// middle), and the mean of the latest returns.
Standing median_standing(std::vector<Standing> seeds, SweepMetric metric);

/// What is compared at a rung: the score, or while few have reached the target, the latest return.
double rung_value(const Standing& standing, SweepMetric metric);

/// Ranks from 1, the best; those that tie share the mean of their ranks.
std::vector<double> shared_ranks(const std::vector<Standing>& standings, SweepMetric metric);

}  // namespace ppo
