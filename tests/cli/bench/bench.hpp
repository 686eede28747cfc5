// Runs ppo_bench.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/process.hpp"
#include "cli/runs.hpp"

namespace ppo::test {

/// As short as it can be measured.
inline const Arguments kBrief = {"--rounds", "1", "--seconds", "0.02", "--num-envs", "4", "--num-steps", "8"};

inline Result bench(const Arguments& arguments, const TemporaryFolder& folder) {
  return run(arguments, {.program = PPO_BENCH_BINARY, .folder = folder.path()});
}

inline Result bench(const Arguments& arguments) {
  return bench(arguments, TemporaryFolder());
}

/// What it writes as JSON.
inline Json figures(const Arguments& arguments) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "figures.json";
  const Result result = bench(kBrief + arguments + Arguments{"--json", file.string()}, folder);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(folder.list(), std::vector<std::string>{"figures.json"});
  return read_json(file);
}

}  // namespace ppo::test
