// The kernels' tanh is the specification's.
#include <gtest/gtest.h>

#include "unit/kernels/quotients.hpp"

namespace ppo {
namespace {

TEST(Quick, QuotientsOfTanhAreCorrectlyRoundedForEveryEstimate) {
  EXPECT_EQ(testing::wrong_quotients(97), 0U);  // quick_exhaustive_test.cpp tries all
}

TEST(Quick, TanhHasTheBitsOfTheSpecification) {
  for (std::uint32_t b = 0; b < 0x7f900000U; b += 4099) {
    const float x = from_bits(b);
    ASSERT_EQ(bits(quick_tanh(x)) << 1 >> 1, bits(tanh(x)) << 1 >> 1) << x;
    if (x == x) {
      ASSERT_EQ(bits(quick_tanh(-x)), bits(tanh(-x))) << -x;
    }
  }
}

}  // namespace
}  // namespace ppo
