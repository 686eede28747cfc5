// Amounts of memory in messages.
#include "system/memory.hpp"

#include <gtest/gtest.h>

namespace ppo::test {
namespace {

TEST(Memory, IsSaidInTheLargestUnitThatItFills) {
  EXPECT_EQ(needed_text(1024), "1.0 KiB");
  EXPECT_EQ(needed_text(60'128), "58.8 KiB");
  EXPECT_EQ(needed_text(0x1p20), "1.0 MiB");
  EXPECT_EQ(needed_text(66'697'822'208), "62.2 GiB");
  EXPECT_EQ(needed_text(0x1p50), "1024.0 TiB");
  EXPECT_EQ(available_text(0), "0.0 KiB");
  EXPECT_EQ(available_text(24'116'199'424), "22.4 GiB");
}

TEST(Memory, ThatIsNeededNeverLooksLikeLessThanThereIs) {
  EXPECT_EQ(needed_text(0x1p30 + 1), "1.1 GiB");
  EXPECT_EQ(available_text((std::uint64_t{1} << 31) - 1), "1.9 GiB");
}

}  // namespace
}  // namespace ppo::test
