// The keys of networks, actions and normalisation: what they take, and what runs say of them.
#include <gtest/gtest.h>

#include "runs.hpp"

namespace ppo::test {
namespace {

class CliNetworkKeys : public CliRuns {
 protected:
  /// The line after "ppo_train: ", which is all that happens.
  void expect_refused(const Arguments& arguments, const std::string& message) const {
    const Arguments before = folder_.list();
    const Result result = call(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "ppo_train: " + message + '\n');
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(folder_.list(), before);
  }
};

TEST_F(CliNetworkKeys, ASizeThatThereIsNotIsRefusedWithThoseThatThereAre) {
  for (const std::string size : {"48", "0", "-64", "63", "512", "64.5", "'64'", "large"}) {
    const Result result = call({"--hidden-size", size});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "--hidden-size takes 32, 64, 128 or 256, not ")) << result.err;
    EXPECT_TRUE(result.err.ends_with("; for example --hidden-size 64\n")) << result.err;
  }
  folder_.write("mine.toml", "seed = 1\nhidden_size = 48\n");
  expect_refused(
      {"--config", "mine.toml"},
      "mine.toml:2:15: hidden_size takes 32, 64, 128 or 256, not 48; for example hidden_size = 64");
}

TEST_F(CliNetworkKeys, AnActivationIsSuggestedByItsName) {
  expect_refused({"--activation", "rleu"},
                 "--activation takes an activation (tanh or relu), not 'rleu'; did you mean 'relu'?");
  expect_refused({"--activation", "Tanh"},
                 "--activation takes an activation (tanh or relu), not 'Tanh'; did you mean 'tanh'?");
  expect_refused(
      {"--activation", "sigmoid"},
      "--activation takes an activation (tanh or relu), not 'sigmoid'; for example --activation tanh");
  folder_.write("mine.toml", "activation = 1\n");
  expect_refused({"--config", "mine.toml"},
                 "mine.toml:1:14: activation takes an activation (tanh or relu), not 1; for example "
                 "activation = \"tanh\"");
}

TEST_F(CliNetworkKeys, TheOthersHaveBounds) {
  expect_refused({"--log-std-init", "5.1"},
                 "--log-std-init takes a number (-20 to 5), not 5.1; for example --log-std-init 0.0");
  expect_refused({"--log-std-init", "nan"},
                 "--log-std-init takes a number (-20 to 5), not nan; for example --log-std-init 0.0");
  expect_refused({"--norm-obs", "yes"},
                 "--norm-obs takes true or false, not 'yes'; for example --norm-obs false");
  for (const char* end : {"-20", "5"}) {
    EXPECT_EQ(call({"--log-std-init", end, "--env", "pendulum", "--print-config"}).exit_code, 0) << end;
  }
}

TEST_F(CliNetworkKeys, TheirNamesInOtherProgramsAndMistypedOnesAreUnderstood) {
  EXPECT_TRUE(contains(call({"--hiden-size", "64"}).err, "did you mean '--hidden-size'?"));
  EXPECT_TRUE(
      contains(call({"--norm-reward", "true", "--norm-observation", "true"}).err, "--norm-observation"));
}

TEST_F(CliNetworkKeys, TheHelpSaysWhatTheyTake) {
  std::string help;  // on one line
  for (const std::string& line : lines(call({"help", "train"}).out)) {
    help += ' ' + line.substr(std::min(line.find_first_not_of(' '), line.size()));
  }
  for (const char* part :
       {"--hidden-size N          units of each of the two hidden layers (32, 64, 128 or 256; default 64)",
        "(tanh or relu; default \"tanh\")", "(-20 to 5; default 0.0)",
        "--init-from PATH         learned parameters and statistics to start from, instead of random ones (a "
        "run "
        "folder or FILE.safetensors, or empty; default \"\")",
        "--init-from-hash HASH "}) {
    EXPECT_TRUE(contains(help, part)) << part;
  }
}

TEST_F(CliNetworkKeys, OfATaskWithoutItsTimeLimitARunSaysThatNothingIsSolved) {
  const std::string without = call(kShort + Arguments{"--env", "pendulum", "--no-out"}).out;
  EXPECT_TRUE(contains(without,
                       "note     without a time limit pendulum is never \"solved\";\n"
                       "         the limit of its task is --max-episode-steps 200\n"))
      << without;
  const std::string within =
      call(kShort + Arguments{"--env", "pendulum", "--max-episode-steps", "200", "--no-out"}).out;
  EXPECT_FALSE(contains(within, "note")) << within;
}

}  // namespace
}  // namespace ppo::test
