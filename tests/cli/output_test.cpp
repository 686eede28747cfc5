// What becomes of the program when its own output has nowhere to go. The shell sets the scene.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "process.hpp"

namespace ppo::test {
namespace {

struct Ending {
  int exit_code;
  std::string complaint;
};

/// Runs a shell script in which $PPO_TRAIN is the binary.
Ending run_shell(const std::string& script) {
  const TemporaryFolder folder;
  setenv("PPO_TRAIN", PPO_TRAIN_BINARY, 1);
  const std::string place = "cd '" + folder.path().string() + "'; ";
  const int status = std::system((place + "{ " + script + "; } 2>errors").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(folder.path() / "errors")};
}

void expect_cannot_write(const std::string& script, const std::string& why) {
  const Ending ending = run_shell(script);
  EXPECT_EQ(ending.exit_code, 1);
  EXPECT_EQ(ending.complaint, "ppo_train: cannot write to the standard output; " + why + '\n');
}

TEST(CliOutput, FullDiskIsAFailure) {
  expect_cannot_write("\"$PPO_TRAIN\" configs >/dev/full", "is the disk full?");
}

TEST(CliOutput, ClosedOutputIsAFailure) {
  expect_cannot_write("\"$PPO_TRAIN\" configs >&-", "it is closed");
}

TEST(CliOutput, ReaderThatLeftIsAFailureAndNoSignal) {
  expect_cannot_write("mkfifo pipe; exec 3<>pipe 4>pipe; exec 3<&-; \"$PPO_TRAIN\" configs >&4",
                      "what reads it has ended");
}

TEST(CliOutput, TerminalGetsTheSame) {
  const Result result = run_in_pty({"configs"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.out.find("cartpole-v1  "), std::string::npos) << result.out;
  EXPECT_TRUE(result.out.ends_with("\r\n")) << result.out;
}

TEST(CliOutput, ClosedInputDoesNotMatter) {
  EXPECT_EQ(run_shell("\"$PPO_TRAIN\" configs <&- >/dev/null").exit_code, 0);
}

TEST(CliOutput, ClosedErrorOutputKeepsTheExitCode) {
  EXPECT_EQ(run_shell("\"$PPO_TRAIN\" --lr nan 2>&-").exit_code, 2);
}

}  // namespace
}  // namespace ppo::test
