// How environments begin.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "ppo/philox.hpp"
#include "unit/ppo/statistics.hpp"

namespace ppo::testing {

/// Of one number of a state: uniform within it, or always `low` if the two are equal.
struct Range {
  double low, high;
};

/// Whether the numbers of the states after many resets, the first ones of State in order, are uniform within
/// their ranges (bounds, mean, variance and histogram) and independent of each other.
template <class Env>
void expect_uniform_resets(const std::vector<Range>& ranges) {
  constexpr std::uint32_t kResets = 1U << 16;
  constexpr int kBins = 20;
  const std::size_t count = ranges.size();
  std::vector<float> numbers(count);
  std::vector<double> from_middle(count), sum(count), squares(count), products(count * count);
  std::vector<std::vector<std::int64_t>> bins(count, std::vector<std::int64_t>(kBins));
  for (std::uint32_t n = 0; n < kResets; ++n) {
    Draws draws({.seed = 8, .environment = n}, Purpose::first_reset);
    const typename Env::State state = Env::reset(draws);
    static_assert(sizeof(state) % sizeof(float) == 0);
    ASSERT_LE(count * sizeof(float), sizeof(state));
    std::memcpy(numbers.data(), &state, count * sizeof(float));
    for (std::size_t i = 0; i < count; ++i) {
      const auto [low, high] = ranges[i];
      ASSERT_GE(numbers[i], static_cast<float>(low)) << i;
      ASSERT_LE(numbers[i], static_cast<float>(high)) << i;
      if (low == high) continue;
      from_middle[i] = (static_cast<double>(numbers[i]) - (low + high) / 2) / ((high - low) / 2);  // -1 ... 1
      sum[i] += from_middle[i];
      squares[i] += from_middle[i] * from_middle[i];
      ++bins[i][static_cast<std::size_t>(std::clamp((from_middle[i] + 1) / 2 * kBins, 0.0, kBins - 1.0))];
      for (std::size_t j = 0; j < i; ++j) products[i * count + j] += from_middle[i] * from_middle[j];
    }
  }
  // On -1 ... 1 the variance is 1/3, that of the square 1/5 - 1/9, that of the product of two numbers 1/9.
  const double limit = kSigmas / std::sqrt(kResets);
  for (std::size_t i = 0; i < count; ++i) {
    if (ranges[i].low == ranges[i].high) continue;
    EXPECT_LT(std::abs(sum[i] / kResets), limit * std::sqrt(1.0 / 3)) << i;
    EXPECT_LT(std::abs(squares[i] / kResets - 1.0 / 3), limit * std::sqrt(1.0 / 5 - 1.0 / 9)) << i;
    EXPECT_LT(chi_square(bins[i], static_cast<double>(kResets) / kBins), chi_square_limit(kBins - 1)) << i;
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_LT(std::abs(products[i * count + j] / kResets), limit / 3) << i << ' ' << j;
    }
  }
}

}  // namespace ppo::testing
