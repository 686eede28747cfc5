// The number in the middle of others.
#pragma once

#include <cstddef>
#include <span>

namespace ppo {

/// Of one number or more, in ascending order: the middle one, or the mean of the two that are.
inline double median_of_sorted(std::span<const double> sorted) {
  const std::size_t half = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[half];
  return sorted[half - 1] / 2 + sorted[half] / 2;  // the sum of the halves never overflows
}

}  // namespace ppo
