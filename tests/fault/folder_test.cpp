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

/// Evaluated for the first time long after its first line.
const Arguments kLate = {"--num-envs",          "8",   "--num-steps",  "8",   "--total-timesteps", "96000",
                         "--log-every",         "500", "--eval-every", "500", "--eval-episodes",   "3",
                         "--max-episode-steps", "100"};

TEST_F(FolderTest, WithAFolderForItsBestPoliciesIsSavedAllTheSame) {
  const fs::path straight = folder_.path() / "straight";
  const fs::path best = run_folder() / "best.safetensors";
  ASSERT_EQ(run(kLate + Arguments{"--out", "straight"}, obedient()).exit_code, 0);
  const auto expect_all = [&] {
    EXPECT_EQ(names_in(run_folder()), kEvaluatedRunFiles);
    for (const char* file : {"metrics.csv", "evals.csv", "policy.safetensors"}) {
      EXPECT_TRUE(read_file(run_folder() / file) == read_file(straight / file)) << file;
    }
    EXPECT_EQ(read_json(run_folder() / "run.json").at("agents"),
              read_json(straight / "run.json").at("agents"));
  };
  for (const bool is_removed_in_time : {false, true}) {
    fs::remove_all(run_folder());
    Process process(kLate + Arguments{"--out", "run"}, obedient());
    ASSERT_TRUE(process.wait_for_output("Update 0:"));
    ASSERT_TRUE(fs::create_directory(best));
    if (is_removed_in_time) {
      ASSERT_TRUE(process.wait_for_output("Update 1000:"));
      ASSERT_TRUE(fs::remove(best));
    }
    const Result result = process.wait();
    EXPECT_TRUE(
        contains(result.err, "note: cannot write run/best.safetensors: Is a directory; training continues"))
        << result.err;
    if (is_removed_in_time) {
      EXPECT_EQ(result.exit_code, 0) << result.err;
    } else {
      expect_all();
      expect_one_line(
          result, 1,
          {"ppo_train: cannot write run/best.safetensors: Is a directory; the best policies are not "
           "saved; the run itself is saved\n"});
      ASSERT_TRUE(fs::remove(best));
      EXPECT_EQ(run(kResume, obedient()).exit_code, 0);
    }
    expect_all();
    EXPECT_TRUE(read_file(best) == read_file(straight / "best.safetensors"));
  }
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
