// The description of a sweep as seen from outside: where its values come from, how it is shown, what is
// refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "config/flags.hpp"
#include "config/presets.hpp"
#include "config/sweep/sweep_options.hpp"
#include "process.hpp"

namespace ppo::test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Result run_in(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
  Launch launch;
  launch.folder = folder.path();
  return run(arguments, launch);
}

/// What the program prints, which must be all that it does.
std::string print(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
  const std::vector<std::string> before = folder.list();
  const Result result = run_in(folder, arguments);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(folder.list(), before);
  return result.out;
}

const char* const kSweep =
    "lr = 1e-3\n[sweep]\ntrials = 9\n[sweep.space]\nlr = { min = 1e-4, max = 1e-2, scale = \"log\" }\n";

TEST(CliSweepConfig, FlagGoesOverFileGoesOverDefault) {
  const TemporaryFolder folder;
  folder.write("mine.toml", kSweep);
  const std::string text =
      print(folder, {"sweep", "mine.toml", "--lr", "2e-3", "--trials", "20", "--seeds_per_trial=5", "--seed",
                     "3", "--metric", "return_100", "--print-config"});
  for (const char* line : {"\nlr = 0.002 ", "\nseed = 3 ", "\nnum_envs = 64 ", "\ntrials = 20 ",
                           "\nseeds_per_trial = 5 ", "\nmetric = \"return_100\" ", "\nconfirm_seeds = 10 ",
                           "\n[sweep.space]\nlr = { min = 1e-04, max = 0.01, scale = \"log\" } # "}) {
    EXPECT_TRUE(contains(text, line)) << line << " in\n" << text;
  }
}

TEST(CliSweepConfig, PrintedSweepReadsBackTheSame) {
  const TemporaryFolder folder;
  for (const Preset& preset : sweep_presets()) {
    const std::string text = print(folder, {"sweep", std::string(preset.name), "--print-config"});
    folder.write("printed.toml", text);
    EXPECT_EQ(print(folder, {"sweep", "printed.toml", "--print-config"}), text);
  }
}

TEST(CliSweepConfig, WhatAFlagMakesIdleIsLeftOut) {
  const TemporaryFolder folder;
  const std::string text =
      print(folder, {"sweep", "sweep-cartpole", "--metric", "best_eval", "--print-config"});
  EXPECT_TRUE(contains(text, "\ntarget_return = inf ")) << text;
  folder.write("printed.toml", text);
  EXPECT_EQ(print(folder, {"sweep", "printed.toml", "--print-config"}), text);
}

TEST(CliSweepConfig, HelpMentionsEveryKeyThatMeansSomething) {
  const TemporaryFolder folder;
  const std::string text = print(folder, {"help", "sweep"});
  for (const SweepOption& option : sweep_options()) {
    EXPECT_TRUE(contains(text, "\n  " + flag_name(option.key) + " ")) << option.key;
  }
  for (const std::string& key : all_sweepable_keys())
    EXPECT_TRUE(contains(text, "\n  " + flag_name(key) + " "));
  for (const char* flag : {"--num-seeds", "--init-from", "--eval-every", "--stop-at-return", "--keep"}) {
    EXPECT_FALSE(contains(text, std::string("\n  ") + flag + " ")) << flag;
  }
}

TEST(CliSweepConfig, ConfigsListsTheSweepsBehindTheOthers) {
  const TemporaryFolder folder;
  const std::string text = print(folder, {"configs"});
  EXPECT_LT(text.find("\npendulum-v1  "), text.find("\nsweep-cartpole  "));
  EXPECT_TRUE(contains(text, "\nsweep-pendulum  "));
}

struct BadSweep {
  std::string name;
  std::vector<std::string> arguments;
  std::vector<std::string> said;
};

std::ostream& operator<<(std::ostream& out, const BadSweep& bad) {
  return out << bad.name;
}

class CliBadSweep : public testing::TestWithParam<BadSweep> {};

TEST_P(CliBadSweep, IsRefused) {
  const TemporaryFolder folder;
  folder.write("mine.toml", kSweep);
  folder.write("plain.toml", "lr = 1e-3\n");
  folder.write("wrong.toml", "[sweep]\n\n[sweep.space]\n  lr = { min = 1 }\n");
  const std::vector<std::string> before = folder.list();
  const Result result = run_in(folder, GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(folder.list(), before);
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  for (const std::string& part : GetParam().said) {
    EXPECT_TRUE(contains(result.err, part)) << part << " in " << result.err;
  }
}

const std::vector<BadSweep> kBadSweeps = {
    {"no_operand", {"sweep"}, {"ppo_train: sweep needs a config", "write ppo_train sweep sweep-cartpole"}},
    {"plain_preset",
     {"sweep", "cartpole-v1"},
     {"preset cartpole-v1 has no table [sweep.space]", "sweep-cartpole"}},
    {"plain_file", {"sweep", "plain.toml"}, {"plain.toml: there is no table [sweep.space]", "write a line"}},
    {"wrong_file", {"sweep", "wrong.toml"}, {"wrong.toml:4:8: lr lacks max"}},
    {"unknown", {"sweep", "sweep-cartpol"}, {"sweep 'sweep-cartpol': ", "did you mean 'sweep-cartpole'?"}},
    {"folder", {"sweep", "."}, {".: is a folder", "sweep-cartpole"}},
    {"two", {"sweep", "mine.toml", "plain.toml"}, {"sweep does not take 'plain.toml'"}},
    {"with_config", {"sweep", "--config", "mine.toml"}, {"write ppo_train sweep mine.toml"}},
    {"sweep_to_train",
     {"--config", "sweep-cartpole"},
     {"preset sweep-cartpole:",
      ":2: this is a sweep; write "
      "ppo_train sweep sweep-cartpole"}},
    {"file_to_train",
     {"train", "--config", "mine.toml"},
     {"mine.toml:2:2: this is a sweep; write ppo_train sweep "
      "mine.toml"}},
    {"as_verb",
     {"sweep-cartpole"},
     {"unknown verb 'sweep-cartpole'", "write ppo_train sweep sweep-cartpole"}},
    {"bad_flag_value",
     {"sweep", "mine.toml", "--trials", "0"},
     {"--trials takes a whole number (2 to 65536)"}},
    {"bad_name", {"sweep", "mine.toml", "--method", "halve"}, {"--method takes a method", "halving"}},
    {"flags_that_do_not_fit",
     {"sweep", "mine.toml", "--trials", "4", "--confirm-trials", "5"},
     {"--confirm-trials: confirm_trials 5 is more"}},
    {"a_target_of_no_use",
     {"sweep", "mine.toml", "--metric", "best_eval", "--target-return", "5"},
     {"--target-return: target_return does nothing for metric \"best_eval\"; leave it out"}},
    {"pbt_with_a_shape", {"sweep", "sweep-cartpole", "--method", "pbt"}, {"same num_envs", "halving"}},
    {"num_seeds", {"sweep", "mine.toml", "--num-seeds", "2"}, {"--num-seeds: ", "seeds_per_trial"}},
    {"init_from", {"sweep", "mine.toml", "--init-from", "run"}, {"--init-from: ", "leave it out"}},
    {"keep", {"sweep", "mine.toml", "--keep", "2"}, {"sweep has no flag '--keep', but train does"}},
    {"space_flag", {"sweep", "mine.toml", "--space", "lr"}, {"sweep has no flag '--space'"}},
    {"trials_of_train", {"train", "--trials", "2"}, {"train has no flag '--trials', but sweep does"}},
    {"out_is_there", {"sweep", "mine.toml", "--out", "plain.toml"}, {"--out 'plain.toml' already exists"}},
};

INSTANTIATE_TEST_SUITE_P(Each, CliBadSweep, testing::ValuesIn(kBadSweeps),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace ppo::test
