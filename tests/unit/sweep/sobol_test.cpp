#include "sweep/sobol.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "ppo/hash.hpp"

namespace ppo {
namespace {

// SciPy 1.15: qmc.Sobol(24, scramble=False, bits=32).random(1024), whose order is that of the Gray code.
TEST(Sobol, IsThatOfJoeAndKuo) {
  std::vector<std::uint32_t> points;
  for (std::uint32_t i = 0; i < 1024; ++i) {
    for (int d = 0; d < kSobolDimensions; ++d) points.push_back(sobol_bits(i, d));
  }
  EXPECT_EQ(points[3 * kSobolDimensions], 3221225472U);
  EXPECT_EQ(points[1000 * kSobolDimensions + 3], 3904897024U);
  EXPECT_EQ(points[1000 * kSobolDimensions + 23], 1421869056U);
  EXPECT_EQ(fnv1a(points.data(), points.size() * sizeof(std::uint32_t)), 0x8df309a3391ae725U);
}

/// How many of the first 2^m points lie in each of 2^m intervals of a dimension.
std::vector<int> points_an_interval(std::uint64_t seed, int dimension, int m) {
  std::vector<int> counts(std::size_t{1} << m);
  for (std::uint32_t i = 0; i < counts.size(); ++i) {
    ++counts[static_cast<std::size_t>(sobol(seed, i, dimension) * static_cast<double>(counts.size()))];
  }
  return counts;
}

// Owen 1995: scrambling keeps the net.
TEST(Sobol, PutsOnePointIntoEachIntervalWhateverTheSeed) {
  for (const std::uint64_t seed : {0U, 1U, 42U}) {
    for (int d = 0; d < kSobolDimensions; ++d) {
      for (const int count : points_an_interval(seed, d, 8)) EXPECT_EQ(count, 1);
    }
  }
}

TEST(Sobol, PutsAPointIntoEachSquareOfTheFirstTwoDimensions) {
  std::set<std::pair<int, int>> squares;
  for (std::uint32_t i = 0; i < 256; ++i) {
    squares.insert({static_cast<int>(sobol(7, i, 0) * 16), static_cast<int>(sobol(7, i, 1) * 16)});
  }
  EXPECT_EQ(squares.size(), 256U);
}

TEST(Sobol, DiffersBetweenSeedsAndDimensions) {
  std::set<double> numbers;
  for (const std::uint64_t seed : {1U, 2U}) {
    for (int d = 0; d < kSobolDimensions; ++d) numbers.insert(sobol(seed, 0, d));
  }
  EXPECT_EQ(numbers.size(), 2U * kSobolDimensions);
}

}  // namespace
}  // namespace ppo
