// Draws of neighbouring keys have nothing to do with each other, whichever field tells them apart.
#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "ppo/philox.hpp"
#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

using testing::chi_square;
using testing::chi_square_limit;

struct Draw {
  DrawKey key;
  Purpose purpose = Purpose::action;
  int index = 0;

  std::uint32_t bits() const {
    Draws draws(key, purpose);
    for (int i = 0; i < index; ++i) draws.bits();
    return draws.bits();
  }
};

/// Two draws that differ in one field, as far apart as a program's are; `i` numbers the pairs.
using MakePair = std::pair<Draw, Draw> (*)(std::uint32_t i);

struct Field {
  const char* name;
  MakePair pair;
};

constexpr Field kFields[] = {
    {"environment",
     [](std::uint32_t i) {
       return std::pair(Draw{{.environment = 2 * i}}, Draw{{.environment = 2 * i + 1}});
     }},
    {"step", [](std::uint32_t i) { return std::pair(Draw{{.step = 2 * i}}, Draw{{.step = 2 * i + 1}}); }},
    {"update",
     [](std::uint32_t i) { return std::pair(Draw{{.update = 2 * i}}, Draw{{.update = 2 * i + 1}}); }},
    {"seed", [](std::uint32_t i) { return std::pair(Draw{{.seed = 2 * i}}, Draw{{.seed = 2 * i + 1}}); }},
    {"high_half_of_seed",
     [](std::uint32_t i) {
       const std::uint64_t half = std::uint64_t{2 * i} << 32;
       return std::pair(Draw{{.seed = half}}, Draw{{.seed = half + (1ULL << 32)}});
     }},
    {"stream",
     [](std::uint32_t i) {
       return std::pair(Draw{{.environment = i}}, Draw{{.stream = Stream::evaluation, .environment = i}});
     }},
    {"purpose",
     [](std::uint32_t i) {
       const auto purpose = static_cast<Purpose>(i % 5);
       const auto next = static_cast<Purpose>(i % 5 + 1);
       return std::pair(Draw{{.environment = i / 5}, purpose}, Draw{{.environment = i / 5}, next});
     }},
    {"index",
     [](std::uint32_t i) {
       const int index = static_cast<int>(i % 8);
       return std::pair(Draw{{.environment = i / 8}, Purpose::action, index},
                        Draw{{.environment = i / 8}, Purpose::action, index + 1});
     }},
    {"environment_and_step_swapped",
     [](std::uint32_t i) {
       const std::uint32_t small = i % 256;
       const std::uint32_t large = 256 + i / 256;
       return std::pair(Draw{{.step = small, .environment = large}},
                        Draw{{.step = large, .environment = small}});
     }},
    {"step_and_update_swapped",
     [](std::uint32_t i) {
       const std::uint32_t small = i % 256;
       const std::uint32_t large = 256 + i / 256;
       return std::pair(Draw{{.update = small, .step = large}}, Draw{{.update = large, .step = small}});
     }},
};

class DrawIndependence : public ::testing::TestWithParam<Field> {};

constexpr std::uint32_t kPairs = 1U << 16;

// Every pair of bits (of 32 x 32) agrees half of the time.
TEST_P(DrawIndependence, NoBitFollowsABitOfTheOther) {
  std::vector<std::int64_t> agree(32 * 32);
  for (std::uint32_t i = 0; i < kPairs; ++i) {
    const auto [a, b] = GetParam().pair(i);
    const std::uint32_t x = a.bits();
    const std::uint32_t y = b.bits();
    for (int shift = 0; shift < 32; ++shift) {
      const std::uint32_t equal = ~(x ^ std::rotl(y, shift));
      for (int bit = 0; bit < 32; ++bit)
        agree[static_cast<std::size_t>(shift * 32 + bit)] += equal >> bit & 1;
    }
  }
  double square = 0;
  for (const std::int64_t count : agree) {
    const double sigmas = testing::binomial_sigmas(static_cast<double>(count), kPairs, 0.5);
    EXPECT_LT(std::abs(sigmas), 6);  // the worst of 1024
    square += sigmas * sigmas;
  }
  EXPECT_LT(square, chi_square_limit(1024));
}

// The high bits, which make the uniform numbers, are jointly uniform.
TEST_P(DrawIndependence, HighBitsAreJointlyUniform) {
  std::vector<std::int64_t> cells(32 * 32);
  for (std::uint32_t i = 0; i < kPairs; ++i) {
    const auto [a, b] = GetParam().pair(i);
    ++cells[(a.bits() >> 27) * 32 + (b.bits() >> 27)];
  }
  EXPECT_LT(chi_square(cells, kPairs / 1024.0), chi_square_limit(1023));
}

INSTANTIATE_TEST_SUITE_P(Fields, DrawIndependence, ::testing::ValuesIn(kFields),
                         [](const auto& field) { return std::string(field.param.name); });

}  // namespace
}  // namespace ppo
