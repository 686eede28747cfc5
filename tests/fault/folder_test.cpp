// A run folder that others meddle with while a run trains in it: it vanishes, is moved away, or loses what is
// in it.
#include <filesystem>
#include <fstream>

#include "folder_runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

TEST_F(FolderTest, ThatIsMovedAwayWhileFilmsAreMadeLeavesTheNextOneAlone) {
  Process process(kRun + Arguments{"--render", "--render-training", "--report"}, obedient());
  while (process.running() && !fs::exists(run_folder() / "run.json")) std::this_thread::yield();
  fs::rename(run_folder(), folder_.path() / "moved");
  fs::create_directory(run_folder());
  process.wait();
  EXPECT_EQ(names_in(run_folder()), Arguments{});
}

TEST_F(FolderTest, ThatVanishesEndsTheRunInALineAndFreesItsName) {
  expect_one_line(meddled([&] { remove_in_spite_of_it(run_folder()); }), 1,
                  {"run was moved or removed during training\n"});
  EXPECT_FALSE(fs::exists(run_folder()));
  EXPECT_EQ(run(kRun, obedient()).exit_code, 0);
  expect_straight(run_folder());
}

TEST_F(FolderTest, ThatIsMovedAwayCanBeGoneOnWithThere) {
  const Result result = meddled([&] { fs::rename(run_folder(), folder_.path() / "moved"); });
  expect_one_line(result, 1, {"run was moved or removed during training"});
  fs::rename(folder_.path() / "moved", run_folder());
  expect_goes_on();
}

TEST_F(FolderTest, ThatIsMovedAwayLeavesTheNextRunOfItsNameAlone) {
  const Result result = meddled([&] {
    fs::rename(run_folder(), folder_.path() / "moved");
    EXPECT_EQ(run(kRun, obedient()).exit_code, 0);
  });
  expect_one_line(result, 1, {"run was moved or removed during training"});
  ASSERT_EQ(names_in(run_folder()), kEvaluatedRunFiles);
  expect_straight(run_folder());
  EXPECT_EQ(names_in(run_folder() / "checkpoints").back(), "0000000060.safetensors");
  fs::remove_all(run_folder());
  fs::rename(folder_.path() / "moved", run_folder());
  expect_goes_on();
}

TEST_F(FolderTest, WithoutItsCheckpointsIsSavedAllTheSame) {
  const Result result = meddled([&] { remove_in_spite_of_it(run_folder() / "checkpoints"); });
  EXPECT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
  EXPECT_FALSE(fs::is_empty(run_folder() / "checkpoints"));
  EXPECT_EQ(read_json(run_folder() / "run.json").at("stopped_by"), "SIGTERM");
  expect_goes_on();
}

TEST_F(FolderTest, WithAFileForItsCheckpointsIsSavedAllTheSame) {
  const fs::path checkpoints = run_folder() / "checkpoints";
  const Result result = meddled([&] {
    fs::rename(checkpoints, folder_.path() / "kept");
    std::ofstream(checkpoints) << "no folder";
  });
  expect_one_line(result, 1, {"run/checkpoints", "the run itself is saved"});
  fs::remove(checkpoints);
  fs::rename(folder_.path() / "kept", checkpoints);
  expect_goes_on();
}

TEST_F(FolderTest, WhereRunJsonCannotBeWrittenCanBeGoneOnWith) {
  const Result result = meddled([&] {
    fs::create_directory(run_folder() / "run.json");
    std::ofstream(run_folder() / "run.json" / "in the way") << "x";
  });
  expect_one_line(result, 1, {"cannot write run/run.json: Is a directory"});
  fs::remove_all(run_folder() / "run.json");
  expect_goes_on();
}

}  // namespace
}  // namespace ppo::test
