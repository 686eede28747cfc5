// What is made of the figures of several rounds.
#pragma once

#include <algorithm>
#include <vector>

#include "system/median.hpp"

namespace ppo::bench {

/// Of one number or more.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return median_of_sorted(values);
}

/// numerator / denominator, round by round; by the same number where the denominator was measured once.
inline std::vector<double> ratios(const std::vector<double>& numerator,
                                  const std::vector<double>& denominator) {
  std::vector<double> result;
  for (std::size_t round = 0; round < numerator.size(); ++round) {
    result.push_back(numerator[round] / denominator[denominator.size() == 1 ? 0 : round]);
  }
  return result;
}

}  // namespace ppo::bench
