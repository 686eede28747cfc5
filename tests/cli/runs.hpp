// What the tests of training share: a short run, and looking at what a run has left.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "process.hpp"

namespace ppo::test {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

/// A run of 6 updates that takes some milliseconds.
inline const Arguments kShort = {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "1536"};

/// Its first 2 updates alone.
inline const Arguments kShorter = {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "512"};

/// With kShort: the first update leaves numbers that are not finite.
inline const Arguments kDiverging = {"--lr", "1", "--max-grad-norm", "1e30", "--vf-coef", "1e30"};

inline Arguments operator+(Arguments left, const Arguments& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// The parts of `text` that each end with `end`; the last one need not.
inline std::vector<std::string> split(const std::string& text, char end) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, end);) result.push_back(part);
  return result;
}

inline std::vector<std::string> lines(const std::string& text) {
  return split(text, '\n');
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// What a run folder holds when all went well.
inline const std::vector<std::string> kRunFiles = {"checkpoints",        "config.toml", "metrics.csv",
                                                   "policy.safetensors", "run.json",    "timing.csv"};

/// The same of one that is evaluated.
inline const std::vector<std::string> kEvaluatedRunFiles = {
    "best.safetensors", "checkpoints",        "config.toml", "evals.csv",
    "metrics.csv",      "policy.safetensors", "run.json",    "timing.csv"};

inline Json read_json(const std::filesystem::path& file) {
  return Json::parse(read_file(file));
}

inline std::string hash_of(const std::filesystem::path& run) {
  return read_json(run / "run.json").at("agents").at(0).at("param_hash");
}

/// Runs in a folder of the test's own.
class CliRuns : public testing::Test {
 protected:
  std::filesystem::path at(const std::string& name) const { return folder_.path() / name; }

  Result call(const Arguments& arguments) const { return run(arguments, {.folder = folder_.path()}); }

  void train(const std::string& name, const Arguments& arguments) const {
    const Result result = call(arguments + Arguments{"--quiet", "--out", name});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
  }

  const TemporaryFolder folder_;
};

}  // namespace ppo::test
