// Shuffles of different epochs, updates, seeds and sizes have nothing to do with each other.
#include <gtest/gtest.h>

#include <vector>

#include "ppo/permutation.hpp"
#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

struct KeyPair {
  const char* name;
  DrawKey (*first)(std::uint32_t i);
  DrawKey (*second)(std::uint32_t i);
};

constexpr KeyPair kPairs[] = {
    {"epoch", [](std::uint32_t i) { return DrawKey{.update = i, .step = 0}; },
     [](std::uint32_t i) { return DrawKey{.update = i, .step = 1}; }},
    {"update", [](std::uint32_t i) { return DrawKey{.update = 2 * i}; },
     [](std::uint32_t i) { return DrawKey{.update = 2 * i + 1}; }},
    {"seed", [](std::uint32_t i) { return DrawKey{.seed = 2 * i}; },
     [](std::uint32_t i) { return DrawKey{.seed = 2 * i + 1}; }},
    {"epoch_of_one_and_update_of_other", [](std::uint32_t i) { return DrawKey{.update = i + 5, .step = 4}; },
     [](std::uint32_t i) { return DrawKey{.update = 4, .step = i + 5}; }},
};

class PermutationIndependence : public ::testing::TestWithParam<KeyPair> {
 protected:
  static constexpr std::uint32_t kSize = 512;  // as a batch: a power of two
  static constexpr std::uint32_t kPermutations = 3000;

  template <class Visit>
  static void for_each_pair(Visit visit) {
    for (std::uint32_t i = 0; i < kPermutations; ++i) {
      visit(Permutation(GetParam().first(i), kSize), Permutation(GetParam().second(i), kSize));
    }
  }
};

// Two random permutations agree at k places with probability e^-1 / k! (but for 1 / n!).
TEST_P(PermutationIndependence, CoincideAsOftenAsChance) {
  std::vector<std::int64_t> counts(6);  // 0 ... 4, more
  for_each_pair([&](const Permutation& first, const Permutation& second) {
    std::size_t equal = 0;
    for (std::uint32_t k = 0; k < kSize; ++k) equal += first(k) == second(k) ? 1 : 0;
    ++counts[std::min<std::size_t>(equal, 5)];
  });
  std::vector<double> expected;
  double rest = kPermutations;
  double share = kPermutations * std::exp(-1.0);
  for (int k = 0; k < 5; ++k) {
    expected.push_back(share);
    rest -= share;
    share /= k + 1;
  }
  expected.push_back(rest);
  EXPECT_LT(testing::chi_square(counts, expected), testing::chi_square_limit(5));
}

// Whether first orders two indices the one way says nothing of how second orders them.
TEST_P(PermutationIndependence, OrderPairsIndependently) {
  double agreements = 0;
  for_each_pair([&](const Permutation& first, const Permutation& second) {
    for (std::uint32_t k = 0; k < kSize; k += 2) {
      agreements += (first(k) < first(k + 1)) == (second(k) < second(k + 1)) ? 1 : 0;
    }
  });
  const double trials = kPermutations * (kSize / 2.0);
  EXPECT_LT(std::abs(testing::binomial_sigmas(agreements, trials, 0.5)), testing::kSigmas);
}

// The distance from one value to the other is uniform: no shuffle is another one shifted or with bits
// flipped.
TEST_P(PermutationIndependence, DifferencesAndXorsAreUniform) {
  std::vector<std::int64_t> shifts(kSize), flips(kSize);
  for_each_pair([&](const Permutation& first, const Permutation& second) {
    for (std::uint32_t k = 0; k < 32; ++k) {
      ++shifts[(first(k) - second(k)) % kSize];
      ++flips[first(k) ^ second(k)];
    }
  });
  const double expected = kPermutations * 32.0 / kSize;
  EXPECT_LT(testing::chi_square(shifts, expected), testing::chi_square_limit(kSize - 1));
  EXPECT_LT(testing::chi_square(flips, expected), testing::chi_square_limit(kSize - 1));
}

INSTANTIATE_TEST_SUITE_P(Keys, PermutationIndependence, ::testing::ValuesIn(kPairs),
                         [](const auto& pair) { return std::string(pair.param.name); });

// Successive indices are not tied: first(k + 1) - first(k) is as good as uniform on the other values.
TEST(PermutationSequence, StepsBetweenNeighboursAreUniform) {
  constexpr std::uint32_t kSize = 512;
  constexpr std::uint32_t kPermutations = 3000;
  std::vector<std::int64_t> steps(kSize);
  for (std::uint32_t i = 0; i < kPermutations; ++i) {
    const Permutation permutation({.update = i}, kSize);
    for (std::uint32_t k = 0; k < 64; k += 2) ++steps[(permutation(k + 1) - permutation(k)) % kSize];
  }
  EXPECT_EQ(steps[0], 0);
  steps.erase(steps.begin());
  EXPECT_LT(testing::chi_square(steps, kPermutations * 32.0 / (kSize - 1)),
            testing::chi_square_limit(kSize - 2));
}

}  // namespace
}  // namespace ppo
