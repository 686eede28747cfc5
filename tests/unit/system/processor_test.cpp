// What this machine's processor is called, and which levels there are to choose from.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "system/processor/levels.hpp"
#include "system/processor/name.hpp"

namespace ppo {
namespace {

std::string name_in(const std::string& cpuinfo) {
  std::istringstream lines(cpuinfo);
  return processor_name(lines);
}

TEST(Processor, IsCalledWhatTheKernelSays) {
  EXPECT_EQ(
      name_in("processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 143\nmodel name\t: Intel(R) Xeon(R)\n"),
      "Intel(R) Xeon(R)");
  EXPECT_EQ(name_in("processor\t: 0\nBogoMIPS\t: 2000.00\nCPU implementer\t: 0x41\nCPU architecture: 8\n"
                    "CPU variant\t: 0x0\nCPU part\t: 0xd4f\nCPU revision\t: 0\n"),
            "implementer 0x41, part 0xd4f");
  EXPECT_EQ(name_in("CPU implementer\t: 0x41\n"), "unknown");
  EXPECT_EQ(name_in(""), "unknown");
}

TEST(Processor, HasLevelsOfWhichTheScalarOneIsTheLast) {
  const std::vector<std::string> names = level_names();
  EXPECT_EQ(names.back(), "scalar");
  EXPECT_GE(names.size(), 2U);
  EXPECT_EQ(std::ranges::count(names, "scalar"), 1);
  EXPECT_EQ(find_level<int>("scalar").name, "scalar");
  const auto best = std::ranges::find(names, find_level<int>("auto").name);
  EXPECT_NE(best, names.end());
  EXPECT_TRUE(kNamedLevels<int>.back().needed.are_here());
}

}  // namespace
}  // namespace ppo
