// The shuffle is a permutation for every size, and every permutation is as likely as any other.
#include "ppo/permutation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

using testing::chi_square;
using testing::chi_square_limit;

/// Keys as a run meets them: few epochs, many updates, several seeds.
DrawKey run_key(std::uint32_t i) {
  return {.seed = 42 + i / 4096, .update = i / 4 % 1024, .step = i % 4};
}

/// The number of different values, all of which are below size.
std::uint32_t count_reached(const Permutation& permutation, std::uint32_t size) {
  std::vector<bool> reached(size);
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint32_t value = permutation(i);
    if (value >= size || reached[value]) continue;
    reached[value] = true;
    ++count;
  }
  return count;
}

TEST(Permutation, ReachesEveryIndexForEverySizeUpTo10000) {
  for (std::uint32_t size = 1; size <= 10000; ++size) {
    ASSERT_EQ(count_reached(Permutation(run_key(size), size), size), size) << "size " << size;
  }
}

TEST(Permutation, ReachesEveryIndexOfLargeSizes) {
  for (const std::uint32_t size : {1U << 16, (1U << 20) - 1, 1U << 20, (1U << 22) + 1}) {
    EXPECT_EQ(count_reached(Permutation(run_key(1), size), size), size) << "size " << size;
  }
}

// Too large to count: different indices give different values in range.
TEST(Permutation, StaysInRangeAndInjectiveAtTheLargestSizes) {
  for (const std::uint32_t size : {(1U << 24) + 1, (1U << 30) + 1, (1U << 31) - 1, 1U << 31}) {
    const Permutation permutation(run_key(2), size);
    std::vector<std::uint32_t> values;
    for (std::uint32_t i = 0; i < 100000; ++i) {
      values.push_back(permutation(i));
      values.push_back(permutation(size - 1 - i));
    }
    std::sort(values.begin(), values.end());
    EXPECT_LT(values.back(), size);
    EXPECT_EQ(std::adjacent_find(values.begin(), values.end()), values.end()) << "size " << size;
  }
}

class PermutationOfSize : public ::testing::TestWithParam<std::uint32_t> {};

// Over many keys, index i goes to value v equally often, for all i and v. As each key's counts add up to one
// along rows and columns, (n - 1) / n of the statistic has (n - 1)^2 degrees of freedom.
TEST_P(PermutationOfSize, EveryIndexGoesEverywhere) {
  const std::uint32_t n = GetParam();
  const std::uint32_t keys = std::max(40 * n, 20000U);
  std::vector<std::int64_t> counts(std::size_t{n} * n);
  for (std::uint32_t k = 0; k < keys; ++k) {
    const Permutation permutation(run_key(k), n);
    for (std::uint32_t i = 0; i < n; ++i) ++counts[std::size_t{i} * n + permutation(i)];
  }
  const double cells = n;
  const double statistic = chi_square(counts, keys / cells) * (cells - 1) / cells;
  EXPECT_LT(statistic, chi_square_limit((cells - 1) * (cells - 1)));
}

INSTANTIATE_TEST_SUITE_P(Sizes, PermutationOfSize,
                         ::testing::Values(2, 3, 5, 8, 13, 33, 63, 64, 65, 100, 128, 250),
                         ::testing::PrintToStringParamName());

TEST(Permutation, FewIndicesOfALargeSizeGoEverywhere) {
  constexpr std::uint32_t kSize = 8192;
  constexpr std::uint32_t kKeys = 1U << 16;
  for (const std::uint32_t index : {0U, 1U, 4095U, 4096U, kSize - 1}) {
    std::vector<std::int64_t> high(512), low(512);
    for (std::uint32_t k = 0; k < kKeys; ++k) {
      const std::uint32_t value = Permutation(run_key(k), kSize)(index);
      ++high[value / 16];
      ++low[value % 512];
    }
    EXPECT_LT(chi_square(high, kKeys / 512.0), chi_square_limit(511)) << "index " << index;
    EXPECT_LT(chi_square(low, kKeys / 512.0), chi_square_limit(511)) << "index " << index;
  }
}

class PermutationOrders : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(PermutationOrders, AreEquallyLikely) {
  const std::uint32_t n = GetParam();
  constexpr std::uint32_t kKeys = 120000;
  std::map<std::vector<std::uint32_t>, std::int64_t> orders;
  for (std::uint32_t k = 0; k < kKeys; ++k) {
    const Permutation permutation(run_key(k), n);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < n; ++i) order.push_back(permutation(i));
    ++orders[order];
  }
  std::size_t factorial = 1;
  for (std::uint32_t i = 2; i <= n; ++i) factorial *= i;
  ASSERT_EQ(orders.size(), factorial);
  std::vector<std::int64_t> counts;
  for (const auto& [order, count] : orders) counts.push_back(count);
  const auto cells = static_cast<double>(factorial);
  EXPECT_LT(chi_square(counts, kKeys / cells), chi_square_limit(cells - 1));
}

INSTANTIATE_TEST_SUITE_P(Sizes, PermutationOrders, ::testing::Values(2, 3, 4, 5, 6),
                         ::testing::PrintToStringParamName());

// Two indices land on every ordered pair of values equally often: what a minibatch's composition rests on.
TEST(Permutation, PairsOfIndicesAreJointlyUniform) {
  constexpr std::uint32_t kSize = 24;
  constexpr std::uint32_t kKeys = 60000;
  for (const auto& [i, j] : {std::pair(0U, 1U), std::pair(0U, 8U), std::pair(7U, 23U)}) {
    std::vector<std::int64_t> counts;
    std::vector<std::int64_t> all(kSize * kSize);
    for (std::uint32_t k = 0; k < kKeys; ++k) {
      const Permutation permutation(run_key(k), kSize);
      ++all[permutation(i) * kSize + permutation(j)];
    }
    for (std::uint32_t a = 0; a < kSize; ++a) {
      for (std::uint32_t b = 0; b < kSize; ++b) {
        if (a != b) counts.push_back(all[a * kSize + b]);
      }
    }
    const auto cells = static_cast<double>(counts.size());
    EXPECT_LT(chi_square(counts, kKeys / cells), chi_square_limit(cells - 1)) << i << " and " << j;
  }
}

}  // namespace
}  // namespace ppo
