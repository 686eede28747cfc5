// What the tests of saved agents share: what the verbs that take one say, and the files that they make.
#pragma once

#include "cli/resume/resume_runs.hpp"

namespace ppo::test {

class CliAgents : public CliResume {
 protected:
  /// What it prints; nothing but `note` goes to standard error.
  std::string output(const Arguments& arguments, const std::string& note = "") const {
    const Result result = call(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, note);
    return result.out;
  }

  /// What it makes is the file that it says, with `words` about it. Returns that.
  std::string made(const std::string& file, const Arguments& arguments, const std::string& words = "") const {
    const bool is_there = std::filesystem::exists(at(file));
    EXPECT_FALSE(is_there) << file;
    const std::string said = output(arguments);
    EXPECT_TRUE(said.starts_with("saved    " + file)) << said;
    EXPECT_TRUE(contains(said, words)) << said;
    return read_file(at(file));
  }
};

}  // namespace ppo::test
