// What the tests of reports share: runs, and what the report verb makes of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/runs.hpp"

namespace ppo::test {

class CliReport : public testing::Test {
 protected:
  std::filesystem::path train(const std::string& name, const Arguments& more = {}, int exit_code = 0) const {
    return train_as(name, kShort + more, exit_code);
  }

  std::filesystem::path train_as(const std::string& name, const Arguments& flags, int exit_code = 0) const {
    const Result result = run(flags + Arguments{"--out", name}, here_);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return folder_.path() / name;
  }

  std::string report(const Arguments& arguments) const {
    const Result result = run(Arguments{"report"} + arguments, here_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }

  std::string page_of(const std::string& name) const {
    report({name});
    return read_file(folder_.path() / name / "report.html");
  }

  /// Exit code `exit_code`, one line with `what` in it, and nothing changed in the folder.
  void expect_refused(const Arguments& arguments, const std::string& what, int exit_code = 2) const {
    const std::vector<std::string> before = folder_.list();
    const Result result = run(Arguments{"report"} + arguments, here_);
    EXPECT_EQ(result.exit_code, exit_code) << what;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, what)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(folder_.list(), before);
  }

  /// Replaces `from`, which must be there, in a file of the run.
  static void replace(const std::filesystem::path& file, const std::string& from, const std::string& to) {
    std::string text = read_file(file);
    const std::size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from << " in " << file;
    std::ofstream(file, std::ios::binary) << text.replace(place, from.size(), to);
  }

  /// As a run that was killed while it wrote the last line of `table`.
  static void lose_end(const std::filesystem::path& run, const std::string& table) {
    std::filesystem::remove(run / "run.json");
    std::filesystem::remove(run / "policy.safetensors");
    std::filesystem::resize_file(run / table, std::filesystem::file_size(run / table) - 2);
  }

  const TemporaryFolder folder_;
  const Launch here_{.folder = folder_.path()};
};

}  // namespace ppo::test
