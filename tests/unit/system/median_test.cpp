// The number in the middle, to its last bit.
#include "system/median.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace ppo::test {
namespace {

double median(const std::vector<double>& sorted) {
  return median_of_sorted(sorted);
}

TEST(Median, IsTheMiddleNumberOrBetweenTwo) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({1, 5, 9}), 5);
  EXPECT_EQ(median({-1, 2}), 0.5);
  EXPECT_EQ(median({1, 2, 4, 100}), 3);
}

// A report's quantiles, which are numpy's, end in another bit here, and with two decimals in another digit.
TEST(Median, OfTwoIsTheirMeanRoundedOnce) {
  EXPECT_EQ(median({1.95, 12.6}), (1.95 + 12.6) / 2);
  EXPECT_NE(median({1.95, 12.6}), 1.95 + 0.5 * (12.6 - 1.95));
}

TEST(Median, OfTheLargestAndOfInfiniteNumbersIsOne) {
  constexpr double kMost = std::numeric_limits<double>::max();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(median({kMost, kMost}), kMost);
  EXPECT_EQ(median({kInfinity}), kInfinity);
  EXPECT_EQ(median({1, kInfinity}), kInfinity);
}

}  // namespace
}  // namespace ppo::test
