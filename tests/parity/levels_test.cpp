// The instances in the binary give the bytes that are written down, and leave no code to the linker's choice.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "config/environment_names.hpp"
#include "engine/engine.hpp"
#include "golden_hashes.hpp"
#include "parity/level_instances.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"

namespace ppo::test {
namespace {

void expect_written_down(const EnvironmentLoops& loops, std::span<const HashedRun> runs) {
  for (const HashedRun& run : runs) {
    const Hashes got = hash_run(loops, run.hyper);
    EXPECT_EQ(got.params, run.expected.params) << run.name;
    EXPECT_EQ(got.rows, run.expected.rows) << run.name;
    EXPECT_EQ(got.trace, run.expected.trace) << run.name;
  }
}

TEST(Levels, PortableGivesTheWrittenDownBytes) {
  expect_written_down(*find_environment("cartpole")->portable, kHashedRuns);
  expect_written_down(ppo_test_portable[kHover3], kBoxRuns);
}

/// As the program chooses it; a machine that lacks the level cannot test it.
class NamedLevel : public ::testing::TestWithParam<std::string> {};

TEST_P(NamedLevel, GivesTheWrittenDownBytes) {
  try {
    expect_written_down(choose_level(*find_environment("cartpole"), GetParam()).loops, kHashedRuns);
    expect_written_down(choose_level(environment_at(kHover3), GetParam()).loops, kBoxRuns);
  } catch (const Failure& failure) {
    GTEST_SKIP() << failure.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Simd, NamedLevel, ::testing::ValuesIn(level_names()),
                         [](const auto& name) { return name.param; });

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char part[256];
  while (std::fgets(part, sizeof part, pipe) != nullptr) text += part;
  ::pclose(pipe);
  return text;
}

std::string object_of(const std::string& symbol) {
  return std::string(PPO_BINARY_DIR) + "/environments/" + symbol + ".o";
}

/// The objects of all environments at the level.
std::vector<std::string> symbols_of(const std::string& level) {
  std::vector<std::string> symbols;
  for (const std::string_view environment : environment_names()) {
    symbols.push_back("ppo_loops_" + std::string(environment) + "_" + level);
  }
  return symbols;
}

#define PPO_NAME_OF_LEVEL(level) #level,
constexpr const char* kBuiltLevels[] = {PPO_EACH_LEVEL(PPO_NAME_OF_LEVEL)};

TEST(Levels, EachObjectDefinesItsTableAndNothingElse) {
  std::vector<std::string> symbols;
  for (const std::string& level : level_names()) {
    if (level != "scalar") symbols.push_back("ppo_network_" + level);
  }
  for (const char* level : kBuiltLevels) std::ranges::copy(symbols_of(level), std::back_inserter(symbols));
  for (const std::string& symbol : symbols) {
    EXPECT_EQ(
        output_of(PPO_NM " --extern-only --defined-only --format=just-symbols '" + object_of(symbol) + "'"),
        symbol + "\n");
  }
}

/// The first place in the code of the object that matches; empty if there is none.
std::string found_in(const std::string& symbol, const std::string& pattern) {
  return output_of(PPO_OBJDUMP " -d '" + object_of(symbol) + "' | grep -m1 -o -E '" + pattern + "'");
}

#if defined(__x86_64__)
TEST(Levels, NoObjectUsesMoreThanItsLevelHas) {
  std::vector<std::string> avx2_and_below = {"ppo_network_avx2"};
  for (const std::string& symbol : symbols_of("fma")) EXPECT_NE(found_in(symbol, "vfmadd"), "") << symbol;
  for (const std::string& symbol : symbols_of("portable")) {
    EXPECT_EQ(found_in(symbol, "vfmadd|ymm|zmm"), "") << symbol;
  }
  for (const char* level : {"fma", "avx2"}) {
    std::ranges::copy(symbols_of(level), std::back_inserter(avx2_and_below));
  }
  EXPECT_NE(found_in("ppo_network_avx512", "zmm"), "");
  for (const std::string& symbol : avx2_and_below) {
    EXPECT_EQ(found_in(symbol, "zmm|%k[0-7]|[xy]mm(1[6-9]|2[0-9]|3[01])"), "") << symbol;
  }
}
#elif defined(__aarch64__)
TEST(Levels, NeonFusesWhereItIsWrittenAndNoObjectNeedsMore) {
  EXPECT_NE(found_in("ppo_network_neon", "fmla\\s+v[0-9]+\\.4s"), "");
  for (const char* level : kBuiltLevels) {
    for (const std::string& symbol : symbols_of(level)) {
      EXPECT_NE(found_in(symbol, "fmadd|fmla"), "") << symbol;
      EXPECT_EQ(found_in(symbol, "\\b[zp][0-9]+[./]"), "") << symbol;  // registers of SVE
      EXPECT_EQ(output_of(PPO_NM " --undefined-only '" + object_of(symbol) + "' | grep -w fmaf"), "")
          << symbol;
    }
  }
}
#endif

}  // namespace
}  // namespace ppo::test
