// The median of some numbers.
#pragma once

#include <cstddef>
#include <span>

namespace ppo {

/// Of one number or more, sorted: the middle one, or the mean of the two in the middle. What interpolates
/// between these, as the report's quantiles do, can differ in the last bit.
inline double median_of_sorted(std::span<const double> sorted) {
  const std::size_t half = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[half];
  return sorted[half - 1] / 2 + sorted[half] / 2;  // the sum of the halves never overflows
}

}  // namespace ppo
