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
        "_ppo_train_completions; printf '%s\\n' \"${COMPREPLY[@]}\" | LC_ALL=C sort";
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

/// Types each line's start and Tab; Ctrl-T, for which `bind` makes a key that prints the line in brackets and
/// clears it, says what has become of it.
void expect_completed(const Launch& shell, const Arguments& arguments, const std::string& bind) {
  Launch interactive = shell;
  interactive.terminal = true;
  Process process(arguments, interactive);
  process.type(bind + "; echo re''ady\n");
  ASSERT_TRUE(process.wait_for_output("ready"));
  for (const auto& [typed, line] : {std::pair<std::string, std::string>{"comp", "completions "},
                                    {"--config acro", "--config acrobot-v1 "},
                                    {"--config mi", "--config mine.toml "},
                                    {"--device=cu", "--device=cuda "},
                                    {"eval --gr", "eval --greedy "},
                                    {"eval m", "eval my\\ runs/"},
                                    {"--render my\\ runs/f", "--render my\\ runs/film.gif "},
                                    {"--lr ", "--lr "}}) {
    process.type("ppo_train " + typed + "\t\x14");
    EXPECT_TRUE(process.wait_for_output("[ppo_train " + line + "]")) << typed;
  }
  process.type("exit\n");
}

TEST_F(CliCompletions, WorkInBash) {
  expect_completed(launch(shell("bash")), {"--norc", "--noprofile", "-i"},
                   "source <(ppo_train completions bash); "
                   "show() { echo \"[$READLINE_LINE]\"; READLINE_LINE=; }; bind -x '\"\\C-t\": show'");
}

TEST_F(CliCompletions, WorkInZsh) {
  if (shell("zsh").empty()) GTEST_SKIP() << "there is no zsh";
  expect_completed(launch(shell("zsh")), {"-f", "-i"},
                   "autoload -U compinit; compinit -D -u; source <(ppo_train completions zsh); "
                   "show() { print -r -- \"[$BUFFER]\"; BUFFER= }; zle -N show; bindkey '^T' show");
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
        {"eval m", "my runs/\n"},
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
        {{"fishh"}, "completions takes bash, zsh or fish, not 'fishh'; did you mean 'fish'?"},
        {{"bash", "zsh"}, "completions does not take 'zsh'"},
        {{"--"}, "completions has no flag '--'"}}) {
    const Result result = run(Arguments{"completions"} + arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, problem)) << result.err;
  }
}

}  // namespace
}  // namespace ppo::test
