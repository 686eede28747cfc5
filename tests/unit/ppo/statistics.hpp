// Tests of distributions with fixed seeds: a limit that a right generator passes but for one seed in
// millions, chosen before the seed.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace ppo::testing {

/// Standard deviations beyond which a result counts as wrong: one-sided probability 3e-7.
inline constexpr double kSigmas = 5.0;

/// sum (count - expected)^2 / expected, with the same expectation in every cell.
inline double chi_square(std::span<const std::int64_t> counts, double expected) {
  double sum = 0;
  for (const std::int64_t count : counts) {
    const double difference = static_cast<double>(count) - expected;
    sum += difference * difference / expected;
  }
  return sum;
}

inline double chi_square(std::span<const std::int64_t> counts, std::span<const double> expected) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double difference = static_cast<double>(counts[i]) - expected[i];
    sum += difference * difference / expected[i];
  }
  return sum;
}

/// The chi-square quantile at kSigmas (Wilson & Hilferty 1931).
inline double chi_square_limit(double degrees) {
  const double variance = 2.0 / (9.0 * degrees);
  return degrees * std::pow(1.0 - variance + kSigmas * std::sqrt(variance), 3);
}

/// How many standard deviations `successes` of `trials` lie from the mean of that probability.
inline double binomial_sigmas(double successes, double trials, double probability) {
  return (successes - trials * probability) / std::sqrt(trials * probability * (1 - probability));
}

}  // namespace ppo::testing
