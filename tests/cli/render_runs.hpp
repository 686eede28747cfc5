// What the tests of films share: a short run to play, and refusals that leave nothing behind.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runs.hpp"

namespace ppo::test {

class CliRender : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run(kShort + Arguments{"--out", "run"}, here_).exit_code, 0); }

  Result render(const Arguments& arguments) const { return run(Arguments{"render"} + arguments, here_); }

  std::string bytes(const std::string& name) const { return read_file(folder_.path() / name); }

  void expect_refused(const Arguments& arguments, const std::string& what, int exit_code = 2) const {
    const std::vector<std::string> before = folder_.list();
    const Result result = run(arguments, here_);
    EXPECT_EQ(result.exit_code, exit_code) << what;
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, what)) << result.err;
    EXPECT_EQ(folder_.list(), before);
  }

  TemporaryFolder folder_;
  Launch here_{.folder = folder_.path()};
};

}  // namespace ppo::test
