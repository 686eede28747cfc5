// Configuration as seen from outside: where values come from, how they are shown, and the help.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "commands/verbs.hpp"
#include "config/options.hpp"
#include "process.hpp"

namespace ppo::test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What the program prints, which must be all that it does.
std::string print(const std::vector<std::string>& arguments, const TemporaryFolder& folder) {
  const std::vector<std::string> before = folder.list();
  Launch launch;
  launch.folder = folder.path();
  const Result result = run(arguments, launch);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(folder.list(), before);
  return result.out;
}

std::string print(const std::vector<std::string>& arguments) {
  return print(arguments, TemporaryFolder());
}

TEST(CliConfig, FlagGoesOverFileGoesOverDefault) {
  const TemporaryFolder folder;
  folder.write("mine.toml", "lr = 1e-3\nnum_envs = 16\n");
  const std::string text = print({"--config", "mine.toml", "--lr", "2e-3", "--print-config"}, folder);
  EXPECT_TRUE(contains(text, "\nlr = 0.002 ")) << text;
  EXPECT_TRUE(contains(text, "\nnum_envs = 16 ")) << text;
  EXPECT_TRUE(contains(text, "\nnum_steps = 128 ")) << text;
}

TEST(CliConfig, FlagsTakeBothSpellingsAndTomlNumbers) {
  const std::vector<std::string> dashes = {"--num-envs",  "1_024", "--gamma",       "1",
                                           "--anneal-lr", "true",  "--print-config"};
  const std::vector<std::string> underscores = {"train", "--print-config", "--num_envs=1024", "--gamma=1.0",
                                                "--anneal_lr=true"};
  const std::string text = print(dashes);
  EXPECT_TRUE(contains(text, "\nnum_envs = 1024 ")) << text;
  EXPECT_TRUE(contains(text, "\ngamma = 1.0 ")) << text;
  EXPECT_TRUE(contains(text, "\nanneal_lr = true ")) << text;
  EXPECT_EQ(text, print(underscores));
}

TEST(CliConfig, PrintedConfigReadsBackTheSame) {
  const TemporaryFolder folder;
  const std::string text =
      print({"--config", "cartpole-v1", "--lr", "0.3333333333", "--seed", "9223372036854775807",
             "--target-kl", "1e-30", "--device", "cuda:1", "--print-config"});
  folder.write("printed.toml", text);
  EXPECT_EQ(print({"--config", "printed.toml", "--print-config"}, folder), text);
}

TEST(CliConfig, TheReferenceIsTheDefault) {
  EXPECT_EQ(print({"--config", "cartpole", "--print-config"}), print({"--print-config"}));
}

TEST(CliConfig, FileGoesBeforePresetAndFolderDoesNot) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "cartpole-v1");
  folder.write("cartpole.toml", "seed = 7");
  const std::string file = print({"--config", "cartpole.toml", "--print-config"}, folder);
  const std::string preset = print({"--config", "cartpole", "--print-config"}, folder);
  const std::string beside_folder = print({"--config", "cartpole-v1", "--print-config"}, folder);
  EXPECT_TRUE(contains(file, "\nseed = 7 "));
  EXPECT_TRUE(contains(preset, "\nseed = 42 "));
  EXPECT_TRUE(contains(beside_folder, "\nmax_episode_steps = 500 "));
}

TEST(CliConfig, ConfigsListsThePresets) {
  const std::string text = print({"configs"});
  EXPECT_TRUE(text.starts_with("cartpole  ")) << text;
  for (const char* name :
       {"cartpole-v1", "acrobot-v1", "mountain-car-v0", "mountain-car-continuous-v0", "pendulum-v1"}) {
    EXPECT_TRUE(contains(text, std::string("\n") + name + "  ")) << text;
  }
}

TEST(CliHelp, MentionsEveryKey) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"-h"},
                                                    {"help"},
                                                    {"train", "--help"},
                                                    {"--quiet", "-h"},
                                                    {"help", "train"}}) {
    const std::string text = print(arguments);
    for (const Option& option : options()) {
      EXPECT_TRUE(contains(text, "\n  " + flag_name(option.key) + " "))
          << arguments.front() << ": " << option.key;
    }
  }
}

TEST(CliHelp, MentionsEveryFlagAndFitsATerminal) {
  for (const Verb& verb : verbs()) {
    const std::string text = print({verb.name, "--help"});
    for (const Flag& flag : verb.flags) EXPECT_TRUE(contains(text, "\n  " + flag.name + " ")) << flag.name;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      EXPECT_LE(end - begin, 80U) << text.substr(begin, end - begin);
    }
  }
}

TEST(CliHelp, IsShortWithoutArguments) {
  const std::string text = print({});
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 23);  // a terminal has 24 lines
  for (const Verb& verb : verbs()) EXPECT_TRUE(contains(text, "ppo_train " + verb.name));
}

}  // namespace
}  // namespace ppo::test
