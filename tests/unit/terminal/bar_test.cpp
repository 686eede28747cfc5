#include "terminal/bar.hpp"

#include <gtest/gtest.h>

#include "system/text.hpp"

namespace ppo {
namespace {

TEST(Bar, FillsUpInEighths) {
  EXPECT_EQ(bar(0, 4, true), "▕    ▏");
  EXPECT_EQ(bar(1.0 / 32, 4, true), "▕▏   ▏");
  EXPECT_EQ(bar(0.5, 4, true), "▕██  ▏");
  EXPECT_EQ(bar(31.0 / 32, 4, true), "▕███▉▏");
  EXPECT_EQ(bar(1, 4, true), "▕████▏");
}

TEST(Bar, HasOnlyWholeCellsInAscii) {
  EXPECT_EQ(bar(0, 4, false), "[    ]");
  EXPECT_EQ(bar(0.74, 4, false), "[##  ]");
  EXPECT_EQ(bar(1, 4, false), "[####]");
}

TEST(Bar, HasTheSameWidthAtEveryShare) {
  for (const bool utf8 : {false, true}) {
    for (int i = -10; i <= 110; ++i) EXPECT_EQ(columns(bar(i / 100.0, 7, utf8)), 9U) << i;
  }
}

}  // namespace
}  // namespace ppo
