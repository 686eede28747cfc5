#include "system/ticks.hpp"

#include <gtest/gtest.h>

namespace ppo {
namespace {

TEST(AxisTicks, AreRoundAndReachAllValues) {
  EXPECT_EQ(axis_ticks(0, 500, 5), (std::vector<double>{0, 100, 200, 300, 400, 500}));
  EXPECT_EQ(axis_ticks(0, 437, 5), (std::vector<double>{0, 100, 200, 300, 400, 500}));
  EXPECT_EQ(axis_ticks(-3, 4, 5), (std::vector<double>{-4, -2, 0, 2, 4}));
  EXPECT_EQ(axis_ticks(0, 0, 5).front(), 0);
  for (const double most : {1e-6, 0.3, 7.7, 99999.0, 4e12}) {
    const std::vector<double> ticks = axis_ticks(0, most, 5);
    EXPECT_GE(ticks.back(), most);
    EXPECT_GE(ticks.size(), 3U);
    EXPECT_LE(ticks.size(), 8U);
  }
}

TEST(TickLabel, IsShort) {
  EXPECT_EQ(tick_label(0), "0");
  EXPECT_EQ(tick_label(-0.25), "-0.25");
  EXPECT_EQ(tick_label(500), "500");
  EXPECT_EQ(tick_label(2500), "2500");
  EXPECT_EQ(tick_label(25000), "25K");
  EXPECT_EQ(tick_label(1.5e6), "1.5M");
}

}  // namespace
}  // namespace ppo
