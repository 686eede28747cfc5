// The table of the laboratory's variants.
#include "kernels/variants.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ppo {
namespace {

TEST(KernelVariants, HaveNamesAndBitsOfTheirOwn) {
  std::set<std::string> names;
  std::uint32_t bits = 0;
  for (const KernelVariant& variant : kKernelVariants) {
    EXPECT_TRUE(names.insert(variant.name).second) << variant.name;
    EXPECT_EQ(std::string(variant.name).find_first_of(", \n"), std::string::npos) << variant.name;
    EXPECT_NE(variant.bit, 0U) << variant.name;
    EXPECT_EQ(variant.bit & bits, 0U) << variant.name;
    bits |= variant.bit;
  }
}

}  // namespace
}  // namespace ppo
