// The manual page: all that the help pages say, without a fault that those who format it would name.
#include <gtest/gtest.h>

#include "cli/runs.hpp"
#include "commands/verbs.hpp"

namespace ppo::test {
namespace {

/// What the shell command prints of the page on its input, and says of it.
Result format(const std::string& command) {
  return run({"-c", command}, {.program = "/bin/sh", .input = run({"help", "--man"}).out});
}

bool is_there(const std::string& program) {
  return run({"-c", "command -v " + program}, {.program = "/bin/sh"}).exit_code == 0;
}

TEST(CliManPage, HasEveryVerbAndFlag) {
  if (!is_there("mandoc")) GTEST_SKIP() << "there is no mandoc";
  const std::string page = format("mandoc -T utf8 -O width=78 | col -b").out;
  EXPECT_TRUE(contains(page, "ppo_train - train agents")) << page;
  for (const Verb& verb : verbs()) {
    EXPECT_TRUE(contains(page, "\n   " + verb.name)) << verb.name;
    for (const Flag& flag : verb.flags) EXPECT_TRUE(contains(page, "\n       " + flag.name)) << flag.name;
  }
}

TEST(CliManPage, HasNothingThatMandocWarnsOf) {
  if (!is_there("mandoc")) GTEST_SKIP() << "there is no mandoc";
  const Result result = format("mandoc -T lint -W warning");
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(result.out + result.err, "");
}

TEST(CliManPage, HasNothingThatGroffWarnsOf) {
  if (!is_there("groff")) GTEST_SKIP() << "there is no groff";
  const Result result = format("groff -man -Tutf8 -ww -z");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
}

TEST(CliManPage, IsOfAllVerbs) {
  const Result result = run({"help", "eval", "--man"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "ppo_train: --man prints the page of all verbs; leave out 'eval'\n");
}

}  // namespace
}  // namespace ppo::test
