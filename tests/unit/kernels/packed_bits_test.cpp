// Which lanes of a warp read the same in the probe of shared memory.
#include <gtest/gtest.h>

#include <set>

#include "bench/probes/probe_functions.hpp"

namespace ppo::probes {
namespace {

TEST(PackedBits, NumberTheLanesThatDifferWithoutGaps) {
  for (std::uint32_t kept = 0; kept < 32; ++kept) {
    std::set<std::uint32_t> places;
    for (std::uint32_t lane = 0; lane < 32; ++lane) {
      EXPECT_EQ(packed_bits(lane, kept), packed_bits(lane & kept, kept));  // those that agree are together
      places.insert(packed_bits(lane, kept));
    }
    EXPECT_EQ(places.size(), std::size_t{1} << __builtin_popcount(kept));
    EXPECT_EQ(*places.rbegin(), places.size() - 1);
  }
  EXPECT_EQ(packed_bits(0b10110, 0b11011), 0b1010U);
  EXPECT_EQ(packed_bits(0xffffffff, 0xffffffff), 0xffffffff);
}

}  // namespace
}  // namespace ppo::probes
