// The logarithm and exponential behind the scales: near the maths library's, and the same bits for ever.
#include "config/sweep/logarithm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "ppo/hash.hpp"

namespace ppo::test {
namespace {

double random_unit(std::mt19937_64& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53;
}

TEST(SweepLogarithm, IsNearTheLibrarys) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const double x = std::pow(10.0, 600 * random_unit(random) - 300);
    EXPECT_NEAR(plain_log(x), std::log(x), 1e-15 * std::max(1.0, std::abs(std::log(x)))) << x;
    const double near_one = 1 + (random_unit(random) - 0.5) * 1e-6;
    EXPECT_NEAR(plain_log(near_one), std::log(near_one), 1e-15 * std::abs(std::log(near_one))) << near_one;
  }
}

TEST(SweepExponential, IsNearTheLibrarys) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200'000; ++i) {
    const double x = 1400 * random_unit(random) - 700;
    EXPECT_NEAR(plain_exp(x) / std::exp(x), 1, 1e-15) << x;
  }
}

TEST(SweepLogarithm, OfOneIsZeroAndBack) {
  EXPECT_EQ(plain_log(1), 0.0);
  EXPECT_EQ(plain_exp(0), 1.0);
  for (int i = -1000; i <= 1000; ++i) {
    EXPECT_NEAR(plain_exp(plain_log(std::ldexp(1.0, i / 2))) / std::ldexp(1.0, i / 2), 1, 2e-13) << i;
  }
}

/// What every machine and compiler must get: a hash over the bits of many results.
TEST(SweepLogarithm, HasTheSameBitsEverywhere) {
  std::uint64_t hash = kFnvOffset;
  for (int i = 1; i <= 100'000; ++i) {
    const double x = i * 0x1.3p-7;
    for (const double result : {plain_log(x), plain_exp(x * 0.25), plain_exp(-x * 0.25), plain_log(1 / x)}) {
      hash = fnv1a(&result, sizeof result, hash);
    }
  }
  EXPECT_EQ(hash, 0x7b9066ef35d795cbU);
}

}  // namespace
}  // namespace ppo::test
