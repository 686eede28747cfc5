// Uniform and normal numbers have the right range, moments and shape.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "ppo/philox.hpp"
#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

constexpr int kCount = 1 << 22;
constexpr double kRoot = 2048;  // of kCount

Draws test_draws() {
  return Draws({.seed = 2026}, Purpose::environment);
}

TEST(DrawDistribution, UniformIsFlatOnTheMultiplesOfTwoToTheMinus24) {
  Draws draws = test_draws();
  std::vector<std::int64_t> cells(256);
  double sum = 0;
  double square = 0;
  std::uint32_t low_bits_seen = 0;
  for (int i = 0; i < kCount; ++i) {
    const float u = draws.uniform();
    ASSERT_GE(u, 0.0F);
    ASSERT_LT(u, 1.0F);
    const float scaled = u * 0x1p24F;
    const auto multiple = static_cast<std::uint32_t>(scaled);
    ASSERT_EQ(static_cast<float>(multiple), scaled);
    low_bits_seen |= 1U << (multiple & 31);
    ++cells[multiple >> 16];
    sum += static_cast<double>(u);
    square += static_cast<double>(u) * static_cast<double>(u);
  }
  EXPECT_EQ(low_bits_seen, 0xffffffffU);  // all 24 bits are used
  EXPECT_LT(testing::chi_square(cells, kCount / 256.0), testing::chi_square_limit(255));
  EXPECT_NEAR(sum / kCount, 0.5, testing::kSigmas * std::sqrt(1.0 / 12) / kRoot);
  EXPECT_NEAR(square / kCount, 1.0 / 3, testing::kSigmas * std::sqrt(4.0 / 45) / kRoot);
}

TEST(DrawDistribution, UniformReachesBothEndsOfItsRange) {
  Draws draws = test_draws();
  float lowest = 1;
  float highest = 0;
  for (int i = 0; i < kCount; ++i) {
    const float u = draws.uniform();
    lowest = std::min(lowest, u);
    highest = std::max(highest, u);
  }
  // Missing an interval of width w has probability (1 - w)^n = e^-15 for w = 15 / n.
  EXPECT_LT(lowest, 15.0F / kCount);
  EXPECT_GT(highest, 1 - 15.0F / kCount);
}

TEST(DrawDistribution, UniformOnAnInterval) {
  Draws draws = test_draws();
  double sum = 0;
  for (int i = 0; i < kCount; ++i) {
    const float x = draws.uniform(-3.0F, 5.0F);
    ASSERT_GE(x, -3.0F);
    ASSERT_LE(x, 5.0F);
    sum += static_cast<double>(x);
  }
  EXPECT_NEAR(sum / kCount, 1, testing::kSigmas * 8 * std::sqrt(1.0 / 12) / kRoot);
}

TEST(DrawDistribution, UniformTakesOneWordAndNormalTwo) {
  Draws draws = test_draws();
  Draws words = test_draws();
  EXPECT_EQ(draws.uniform(), static_cast<float>(words.bits() >> 8) * 0x1p-24F);
  draws.normal();
  words.bits();
  words.bits();
  EXPECT_EQ(draws.bits(), words.bits());
}

// Standard errors of the first four moments of n normal numbers: sqrt(1/n), sqrt(2/n), sqrt(15/n),
// sqrt(96/n).
TEST(DrawDistribution, NormalMoments) {
  Draws draws = test_draws();
  double moment[5] = {};
  for (int i = 0; i < kCount; ++i) {
    const auto x = static_cast<double>(draws.normal());
    ASSERT_TRUE(std::isfinite(x));
    double power = 1;
    for (int k = 1; k <= 4; ++k) moment[k] += power *= x;
  }
  EXPECT_NEAR(moment[1] / kCount, 0, testing::kSigmas / kRoot);
  EXPECT_NEAR(moment[2] / kCount, 1, testing::kSigmas * std::sqrt(2.0) / kRoot);
  EXPECT_NEAR(moment[3] / kCount, 0, testing::kSigmas * std::sqrt(15.0) / kRoot);
  EXPECT_NEAR(moment[4] / kCount, 3, testing::kSigmas * std::sqrt(96.0) / kRoot);
}

TEST(DrawDistribution, NormalShapeAndTails) {
  Draws draws = test_draws();
  constexpr double kEdge[] = {-4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4};
  std::vector<std::int64_t> counts(std::size(kEdge) + 1);
  for (int i = 0; i < kCount; ++i) {
    const auto x = static_cast<double>(draws.normal());
    std::size_t cell = 0;
    while (cell < std::size(kEdge) && x >= kEdge[cell]) ++cell;
    ++counts[cell];
  }
  std::vector<double> expected(counts.size());
  double below = 0;
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    const double up_to = cell < std::size(kEdge) ? 0.5 * std::erfc(-kEdge[cell] / std::sqrt(2.0)) : 1;
    expected[cell] = kCount * (up_to - below);
    below = up_to;
  }
  EXPECT_LT(testing::chi_square(counts, expected),
            testing::chi_square_limit(static_cast<double>(counts.size() - 1)));
}

}  // namespace
}  // namespace ppo
