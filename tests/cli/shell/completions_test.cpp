// The scripts of `ppo_train completions`, in the shells that they are for.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "cli/runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// On the PATH; empty if it is not there.
fs::path shell(const std::string& name) {
  for (const std::string& folder : split(std::getenv("PATH"), ':')) {
    if (fs::exists(fs::path(folder) / name)) return fs::path(folder) / name;
  }
  return {};
}

/// A folder to complete paths in, and the program on the PATH.
class CliCompletions : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_.path() / "my runs" / "a");
    for (const char* name : {"mine.toml", "mine.txt", "my runs/film.gif"}) {
      std::ofstream(folder_.path() / name) << "x";
    }
  }

  Launch launch(const fs::path& program) const {
    const std::string path = fs::path(PPO_TRAIN_BINARY).parent_path().string() + ":" + std::getenv("PATH");
    return {.program = program,
            .folder = folder_.path(),
            .environment = {"PATH=" + path, "HOME=" + folder_.path().string(), "TERM=dumb"}};
  }

  TemporaryFolder folder_;
};

/// What bash offers for the last of the words.
class CliBashCompletions : public CliCompletions {
 protected:
  std::vector<std::string> offered(const Arguments& words) const {
    const std::string script =
        "source <(ppo_train completions bash); COMP_WORDS=(ppo_train \"$@\"); COMP_CWORD=$#; "
        "_ppo_train_completions; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const Result result =
        run(Arguments{"--norc", "--noprofile", "-c", script, "bash"} + words, launch(shell("bash")));
    EXPECT_EQ(result.err, "");
    return lines(result.out);
  }
};

TEST_F(CliBashCompletions, AreWhatBeginsLikeTheWord) {
  EXPECT_EQ(offered({"comp"}), Arguments{"completions"});
  EXPECT_EQ(offered({"--norm-a"}), Arguments{"--norm-adv"});
  EXPECT_EQ(offered({"--config", "acro"}), Arguments{"acrobot-v1"});
  EXPECT_EQ(offered({"help", "che"}), Arguments{"check-env"});
  EXPECT_EQ(offered({"--lr", ""}), Arguments{""});
}

TEST_F(CliBashCompletions, KnowThatBashSplitsAtEquals) {
  EXPECT_EQ(offered({"--device", "=", "cu"}), Arguments{"cuda"});
  EXPECT_EQ(offered({"--device", "="}), (Arguments{"auto", "cpu", "cuda"}));
  EXPECT_EQ(offered({"--device", "=", "cpu", "--env", "=", "pend"}), Arguments{"pendulum"});
  EXPECT_EQ(offered({"--device=cu"}), Arguments{"--device=cuda"});  // where a user has it not split
}

TEST_F(CliBashCompletions, ArePaths) {
  EXPECT_EQ(offered({"--config", "mi"}), Arguments{"mine.toml"});
  EXPECT_EQ(offered({"eval", "m"}), Arguments{"my runs"});
  EXPECT_EQ(offered({"--render", "my runs/"}), (Arguments{"my runs/a", "my runs/film.gif"}));
  EXPECT_EQ(offered({"export", "my runs", "min"}), (Arguments{"mine.toml", "mine.txt"}));
}

TEST_F(CliBashCompletions, WorkAfterTab) {
  Launch interactive = launch(shell("bash"));
  interactive.terminal = true;
  Process bash({"--norc", "--noprofile", "-i"}, interactive);
  bash.type("source <(ppo_train completions bash); echo re''ady\n");
  ASSERT_TRUE(bash.wait_for_output("ready"));
  bash.type("ppo_train eval m\t");
  EXPECT_TRUE(bash.wait_for_output("my\\ runs/"));
  bash.type("\x03");
  bash.type("ppo_train check-env acr\t\nexit\n");
  EXPECT_TRUE(contains(bash.wait().out, "no defects found"));
}

TEST_F(CliCompletions, WorkInZsh) {
  if (shell("zsh").empty()) GTEST_SKIP() << "there is no zsh";
  Launch interactive = launch(shell("zsh"));
  interactive.terminal = true;
  Process zsh({"-f", "-i"}, interactive);
  zsh.type("autoload -U compinit; compinit -D -u; source <(ppo_train completions zsh); echo re''ady\n");
  ASSERT_TRUE(zsh.wait_for_output("ready"));
  for (const auto& [typed, seen] : {std::pair<std::string, std::string>{"comp\t", "completions "},
                                    {"--config acro\t", "acrobot-v1"},
                                    {"--config mi\t", "mine.toml"},
                                    {"--device=cu\t", "--device=cuda"},
                                    {"eval --gr\t", "--greedy"},
                                    {"eval m\t", "my\\ runs/"},
                                    {"--render my\\ runs/f\t", "film.gif"},
                                    {"--norm-\t", "normalise the advantages"}}) {
    zsh.type("ppo_train " + typed);
    EXPECT_TRUE(zsh.wait_for_output(seen)) << typed;
    zsh.type("\x03");
  }
}

TEST_F(CliCompletions, WorkInFish) {
  if (shell("fish").empty()) GTEST_SKIP() << "there is no fish";
  for (const auto& [typed, seen] :
       {std::pair<std::string, std::string>{
            "comp", "completions\tprint what a shell needs to complete the program's arguments\n"},
        {"--config acro", "acrobot-v1\n"},
        {"--config mi", "mine.toml\n"},
        {"--device=cu", "--device=cuda\n"},
        {"eval --gr", "--greedy\ttake the most probable action\n"},
        {"eval m", "my runs/\tFolder\n"},
        {"--render my\\ runs/f", "my runs/film.gif\n"},
        {"--lr ", ""}}) {
    const Result result =
        run({"--no-config", "-c", "ppo_train completions fish | source; complete -C $argv[1]",
             "ppo_train " + typed},
            launch(shell("fish")));
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.out, seen) << typed;
  }
}

TEST_F(CliCompletions, BearTheNameOfTheProgram) {
  fs::create_symlink(PPO_TRAIN_BINARY, folder_.path() / "my trainer-2");
  const Launch renamed{.program = folder_.path() / "my trainer-2"};
  EXPECT_TRUE(contains(run({"completions", "bash"}, renamed).out,
                       "\ncomplete -F _my_trainer_2_completions 'my trainer-2'\n"));
  EXPECT_TRUE(contains(run({"completions", "fish"}, renamed).out, "\ncomplete -c 'my trainer-2' -f "));
  EXPECT_TRUE(run({"completions", "zsh"}).out.starts_with("#compdef ppo_train\n"));
}

TEST_F(CliCompletions, RefuseWhatIsNoShell) {
  for (const auto& [arguments, problem] :
       {std::pair<Arguments, std::string>{{},
                                          "completions needs a shell (bash, zsh or fish); write ppo_train "
                                          "completions bash"},
        {{"fsh"}, "completions takes bash, zsh or fish, not 'fsh'; did you mean 'fish'?"},
        {{"bash", "zsh"}, "completions does not take 'zsh'"},
        {{"--"}, "completions needs a shell"}}) {
    const Result result = run(Arguments{"completions"} + arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, problem)) << result.err;
  }
}

}  // namespace
}  // namespace ppo::test
