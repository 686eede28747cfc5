// The instances in the binary give the bytes that are written down, and leave no code to the linker's choice.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "golden_hashes.hpp"

namespace ppo::test {
namespace {

void expect_written_down(const EnvironmentLoops& loops) {
  for (const HashedRun& run : kHashedRuns) {
    const Hashes got = hash_run(loops, run.hyper);
    EXPECT_EQ(got.params, run.expected.params) << run.name;
    EXPECT_EQ(got.rows, run.expected.rows) << run.name;
    EXPECT_EQ(got.trace, run.expected.trace) << run.name;
  }
}

TEST(Levels, PortableGivesTheWrittenDownBytes) {
  expect_written_down(*find_environment("cartpole")->portable);
}

TEST(Levels, FmaGivesTheWrittenDownBytes) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    GTEST_SKIP() << "this machine has no AVX2 and FMA";
  }
  expect_written_down(*find_environment("cartpole")->fma);
}

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char part[256];
  while (std::fgets(part, sizeof part, pipe) != nullptr) text += part;
  ::pclose(pipe);
  return text;
}

TEST(Levels, EachObjectDefinesItsTableAndNothingElse) {
  for (const std::string level : {"fma", "portable"}) {
    const std::string symbol = "ppo_loops_cartpole_" + level;
    const std::string object = std::string(PPO_BINARY_DIR) + "/environments/" + symbol + ".o";
    EXPECT_EQ(output_of("nm --extern-only --defined-only --format=just-symbols '" + object + "'"),
              symbol + "\n");
  }
}

TEST(Levels, OnlyTheFmaObjectUsesFmaInstructions) {
  const std::string folder = std::string(PPO_BINARY_DIR) + "/environments/ppo_loops_cartpole_";
  EXPECT_NE(output_of("objdump -d '" + folder + "fma.o' | grep -m1 -o vfmadd"), "");
  EXPECT_EQ(output_of("objdump -d '" + folder + "portable.o' | grep -m1 -E 'vfmadd|ymm'"), "");
}

}  // namespace
}  // namespace ppo::test
