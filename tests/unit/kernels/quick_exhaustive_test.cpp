// Every quotient that the kernels' tanh can form.
#include <gtest/gtest.h>

#include "unit/kernels/quotients.hpp"

namespace ppo {
namespace {

TEST(Quick, AllQuotientsOfTanhAreCorrectlyRounded) {
  EXPECT_EQ(testing::wrong_quotients(1), 0U);
}

}  // namespace
}  // namespace ppo
