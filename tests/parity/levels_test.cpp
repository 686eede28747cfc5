// The instances in the binary give the bytes that are written down, and leave no code to the linker's choice.
#include <gtest/gtest.h>

#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "config/environment_names.hpp"
#include "engine/engine.hpp"
#include "golden_hashes.hpp"
#include "parity/level_instances.hpp"
#include "system/errors.hpp"

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
class NamedLevel : public ::testing::TestWithParam<const char*> {};

TEST_P(NamedLevel, GivesTheWrittenDownBytes) {
  try {
    expect_written_down(choose_level(*find_environment("cartpole"), GetParam()).loops, kHashedRuns);
    const Environment hover = {&ppo_test_portable[kHover3], &ppo_test_fma[kHover3], &ppo_test_avx2[kHover3],
                               &ppo_test_avx512[kHover3], nullptr};
    expect_written_down(choose_level(hover, GetParam()).loops, kBoxRuns);
  } catch (const Failure& failure) {
    GTEST_SKIP() << failure.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Simd, NamedLevel, ::testing::Values("scalar", "avx2", "avx512"),
                         [](const auto& name) { return std::string(name.param); });

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

TEST(Levels, EachObjectDefinesItsTableAndNothingElse) {
  std::vector<std::string> symbols = {"ppo_network_avx2", "ppo_network_avx512"};
  for (const std::string_view environment : environment_names()) {
    for (const std::string level : {"portable", "fma", "avx2", "avx512"}) {
      symbols.push_back("ppo_loops_" + std::string(environment) + "_" + level);
    }
  }
  for (const std::string& symbol : symbols) {
    EXPECT_EQ(output_of("nm --extern-only --defined-only --format=just-symbols '" + object_of(symbol) + "'"),
              symbol + "\n");
  }
}

TEST(Levels, NoObjectUsesMoreThanItsLevelHas) {
  const auto found_in = [](const std::string& symbol, const std::string& pattern) {
    return output_of("objdump -d '" + object_of(symbol) + "' | grep -m1 -o -E '" + pattern + "'");
  };
  std::vector<std::string> avx2_and_below = {"ppo_network_avx2"};
  for (const std::string_view environment : environment_names()) {
    const std::string loops = "ppo_loops_" + std::string(environment);
    EXPECT_NE(found_in(loops + "_fma", "vfmadd"), "") << loops;
    EXPECT_EQ(found_in(loops + "_portable", "vfmadd|ymm|zmm"), "") << loops;
    for (const char* level : {"_fma", "_avx2"}) avx2_and_below.push_back(loops + level);
  }
  EXPECT_NE(found_in("ppo_network_avx512", "zmm"), "");
  for (const std::string& symbol : avx2_and_below) {
    EXPECT_EQ(found_in(symbol, "zmm|%k[0-7]|[xy]mm(1[6-9]|2[0-9]|3[01])"), "") << symbol;
  }
}

}  // namespace
}  // namespace ppo::test
