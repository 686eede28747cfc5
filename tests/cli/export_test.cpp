// The export verb: where its files go, what they hold, and what it refuses. What other programs make of them
// is for tests/python to say.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "runs.hpp"

namespace ppo::test {
namespace {

class CliExport : public testing::Test {
 protected:
  /// A short run in the folder "run".
  void train(const Arguments& more = {}) {
    const Result result = run(kShort + Arguments{"--out", "run"} + more, here_);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  std::string export_to(const std::string& file, const Arguments& arguments) {
    const Result result = run(Arguments{"export"} + arguments, here_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(lines(result.out).size(), 1U) << result.out;
    EXPECT_TRUE(result.out.starts_with("saved    " + file + " (")) << result.out;
    return read_file(folder_.path() / file);
  }

  /// Exit code, one line that says so, nothing made or changed.
  void expect_fails(int exit_code, const Arguments& arguments, const std::string& said) {
    const Arguments before = folder_.list();
    const Result result = run(Arguments{"export"} + arguments, here_);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, said)) << result.err;
    EXPECT_EQ(folder_.list(), before);
  }

  const TemporaryFolder folder_;
  const Launch here_{.folder = folder_.path()};
};

TEST_F(CliExport, FilesGoToTheRunsFolder) {
  train();
  export_to("run/agent.onnx", {"run"});
  export_to("run/agent.onnx", {"run", "--format", "onnx"});
  export_to("run/agent.h", {"run", "--format", "c"});
  export_to("run/agent.safetensors", {"run", "--format", "safetensors", "--agent", "0"});
  Arguments expected = kRunFiles + Arguments{"agent.onnx", "agent.h", "agent.safetensors"};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(names_in(folder_.path() / "run"), expected);
}

TEST_F(CliExport, OfSeveralAgentsFilesHaveTheirNumber) {
  train({"--num-seeds", "3"});
  export_to("run/agent0.onnx", {"run"});
  export_to("run/agent2.h", {"run", "--format", "c", "--agent", "2"});
  export_to("run/agent1.safetensors", {"run", "--format", "safetensors", "--agent", "1"});
}

TEST_F(CliExport, AFilesNameSaysItsFormat) {
  train();
  EXPECT_TRUE(export_to("a.h", {"run", "a.h"}).starts_with("/* A policy for cartpole"));
  EXPECT_EQ(export_to("a.onnx", {"run", "a.onnx"}), export_to("run/agent.onnx", {"run"}));
  EXPECT_EQ(export_to("b.h", {"run", "b.h", "--format", "c"}), export_to("a.h", {"run", "a.h"}));
}

TEST_F(CliExport, AnAgentOfSeveralIsTheOneThatWasTrainedAlone) {
  train({"--num-seeds", "3", "--seed", "7"});
  ASSERT_EQ(run(kShort + Arguments{"--seed", "9", "--out", "alone"}, here_).exit_code, 0);
  EXPECT_EQ(export_to("a.safetensors", {"run", "a.safetensors", "--agent", "2"}),
            read_file(folder_.path() / "alone" / "policy.safetensors"));
  for (const std::string name : {"a.onnx", "a.h"}) {
    EXPECT_EQ(export_to(name, {"run", name, "--agent", "2"}), export_to("b" + name, {"alone", "b" + name}));
    EXPECT_NE(export_to(name, {"run", name, "--agent", "1"}), export_to("b" + name, {"alone", "b" + name}));
  }
}

TEST_F(CliExport, AnExistingFileIsReplaced) {
  train();
  folder_.write("a.h", "mine");
  EXPECT_TRUE(contains(export_to("a.h", {"run", "a.h"}), hash_of(folder_.path() / "run")));
}

TEST_F(CliExport, RefusesAnAgentThatIsNotThere) {
  train();
  expect_fails(2, {"run", "--agent", "1"}, "--agent 1: the run has one agent, 0");
}

TEST_F(CliExport, RefusesAFolderWithoutARun) {
  expect_fails(2, {"nowhere"}, "there is no 'nowhere'");
  expect_fails(2, {"."}, "'.' is not a run folder");
}

TEST_F(CliExport, RefusesAPolicyThatIsMissingOrDamaged) {
  train();
  const std::filesystem::path policy = folder_.path() / "run" / "policy.safetensors";
  std::filesystem::resize_file(policy, 20'000);
  for (const char* format : {"onnx", "c", "safetensors"}) {
    expect_fails(2, {"run", "--format", format}, "run/policy.safetensors: not a readable policy");
  }
  std::filesystem::remove(policy);
  expect_fails(2, {"run"}, "run/policy.safetensors: not a readable policy");
}

TEST_F(CliExport, DoesNotReplaceWhatARunReadsAgain) {
  train({"--num-seeds", "2"});
  const std::string policy = read_file(folder_.path() / "run/policy.safetensors");
  const std::string checkpoint = read_file(folder_.path() / "run/checkpoints/0000000006.safetensors");
  folder_.write("mine.safetensors", checkpoint);
  expect_fails(2, {"run", "run/../run/policy.safetensors"}, "it is the run's own policy");
  expect_fails(2, {"mine.safetensors", "run/policy.safetensors"}, "it is the run's own policy");
  expect_fails(2, {"run", "run/best.safetensors"}, "it is the run's own policy");
  for (const char* name : {"0000000006.safetensors", "0000000007.safetensors"}) {
    expect_fails(2, {"run", "run/checkpoints/" + std::string(name)}, "among the checkpoints of a run");
  }
  expect_fails(2, {"mine.safetensors", "mine.safetensors"}, "it is the checkpoint itself");
  EXPECT_EQ(read_file(folder_.path() / "run/policy.safetensors"), policy);
  EXPECT_EQ(read_file(folder_.path() / "run/checkpoints/0000000006.safetensors"), checkpoint);
  EXPECT_EQ(read_file(folder_.path() / "mine.safetensors"), checkpoint);
}

TEST_F(CliExport, RefusesAnEndingThatSaysOtherwise) {
  train();
  const std::string before = read_file(folder_.path() / "run" / "config.toml");
  expect_fails(2, {"run", "run/config.toml", "--format", "c"}, "must end in .h");
  expect_fails(2, {"run", "a.onnx", "--format", "c"}, "must end in .h");
  EXPECT_EQ(read_file(folder_.path() / "run" / "config.toml"), before);
}

TEST_F(CliExport, RefusesWhatIsNoPlaceForAFile) {
  train();
  std::filesystem::create_directory(folder_.path() / "folder.onnx");
  expect_fails(2, {"run", "nowhere/a.onnx"}, "there is no folder 'nowhere'");
  expect_fails(2, {"run", "folder.onnx"}, "it is a folder");
  std::filesystem::create_symlink("/dev/full", folder_.path() / "full.h");
  expect_fails(2, {"run", "full.h"}, "it is not a regular file");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST_F(CliExport, AFolderThatCannotBeWrittenIsAFailure) {
  train();
  expect_fails(1, {"run", "/proc/a.onnx"},
               "/proc/a.onnx");  // root's rights do not help there
}

TEST_F(CliExport, AFullDiskLeavesNothingBehindAndWhatWasThere) {
  train();
  folder_.write("a.onnx", "what was there");
  setenv("PPO_TRAIN", PPO_TRAIN_BINARY, 1);
  const Arguments before = folder_.list();
  for (const std::string file : {"a.onnx", "b.onnx"}) {
    // No file may grow beyond some KiB.
    const int status = std::system(
        ("cd '" + folder_.path().string() + "'; ulimit -f 8; \"$PPO_TRAIN\" export run " + file + " 2>errors")
            .c_str());
    EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 1);
    const std::string errors = read_file(folder_.path() / "errors");
    EXPECT_TRUE(errors.starts_with("ppo_train: cannot write " + file + ": ")) << errors;
    std::filesystem::remove(folder_.path() / "errors");
  }
  EXPECT_EQ(folder_.list(), before);
  EXPECT_EQ(read_file(folder_.path() / "a.onnx"), "what was there");
}

}  // namespace
}  // namespace ppo::test
