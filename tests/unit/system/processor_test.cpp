// What this machine's processor is called, and which levels there are to choose from.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "system/errors.hpp"
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
  for (const std::string& name : names) EXPECT_EQ(std::ranges::count(kLevelNames, name), 1) << name;
}

// Configs and runs go from machine to machine: the name is known, its instructions are not here.
TEST(Processor, LacksTheLevelsOfOtherArchitectures) {
  int foreign = 0;
  for (const std::string_view name : kLevelNames) {
    if (std::ranges::count(level_names(), name) > 0) continue;
    ++foreign;
    try {
      find_level<int>(name);
      ADD_FAILURE() << name;
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kNoDevice);
      EXPECT_EQ(std::string(failure.what()), "simd " + std::string(name) + ": this machine has no " +
                                                 std::string(name) + "; use --simd auto");
    }
  }
  EXPECT_GE(foreign, 1);
}

}  // namespace
}  // namespace ppo
