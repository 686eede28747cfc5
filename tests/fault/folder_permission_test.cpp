// A run folder that may not be written, opened, listed or looked at, before a run and while one trains in it.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "folder_runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

TEST_F(FolderTest, WhoseParentIsReadOnlyIsNotMade) {
  allow(folder_.path(), 0555);
  expect_one_line(run(kRun, obedient()), 1, {"cannot create run: Permission denied"});
  allow(folder_.path(), 0755);
  EXPECT_EQ(run(kRun, obedient()).exit_code, 0);
  expect_straight(run_folder());
}

TEST_F(FolderTest, ThatBecomesReadOnlyCanBeGoneOnWith) {
  const Result result = meddled([&] { allow(run_folder(), 0555); });
  expect_one_line(result, 1, {"cannot create run/policy.safetensors: Permission denied"});
  allow(run_folder(), 0755);
  expect_goes_on();
}

TEST_F(FolderTest, ThatIsReadOnlyIsRefused) {
  ASSERT_EQ(run(kRun, obedient()).exit_code, 0);
  fs::remove(run_folder() / "run.json");
  const auto allow_writing = [&](unsigned bits) {
    allow(run_folder(), 0555 | bits);
    for (const auto& entry : fs::recursive_directory_iterator(run_folder())) {
      allow(entry.path(), (entry.is_directory() ? 0555 : 0444) | bits);
    }
  };
  allow_writing(0);
  expect_one_line(run(kResume, obedient()), 1, {"run/", "Permission denied"});
  allow_writing(0200);
  expect_resumes(folder_.path());
}

TEST_F(FolderTest, ThatMayNotBeOpenedFreesItsName) {
  const Result result = run(kRun, {.folder = folder_.path(), .prepare = [] {
                                     umask(0777);
                                     return obey_permissions();
                                   }});
  expect_one_line(result, 1, {"cannot open run: Permission denied"});
  EXPECT_FALSE(fs::exists(run_folder()));
}

TEST_F(FolderTest, WhoseParentCannotBeListedHasAllItsCheckpoints) {
  fs::create_directory(folder_.path() / "box");
  allow(folder_.path() / "box", 0333);
  const Result result = run(
      {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "1536", "--quiet", "--out", "box/run"},
      obedient());
  allow(folder_.path() / "box", 0755);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(names_in(folder_.path() / "box/run/checkpoints").back(), "0000000006.safetensors");
}

TEST_F(FolderTest, ThatCannotBeLookedAtAnyMoreIsNotCalledGone) {
  fs::create_directory(folder_.path() / "box");
  Process process({"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "1000000000", "--log-every",
                   "1", "--out", "box/run"},
                  obedient());
  ASSERT_TRUE(process.wait_for_output("Update 6:"));
  allow(folder_.path() / "box", 0000);
  process.signal(SIGTERM);
  const Result ended = process.wait();
  allow(folder_.path() / "box", 0755);
  expect_one_line(ended, 1, {"cannot access box/run: Permission denied"});
}

TEST_F(FolderTest, WithACheckpointThatCannotBeRemovedLosesNothing) {
  ASSERT_EQ(run(kRun + Arguments{"--checkpoint-every", "20"}, obedient()).exit_code, 0);
  const fs::path checkpoints = run_folder() / "checkpoints";
  const fs::path old = checkpoints / "0000000020.safetensors";
  fs::remove(checkpoints / "0000000060.safetensors");
  fs::remove(run_folder() / "run.json");
  if (chown(old.c_str(), 1, 1) != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(chown(checkpoints.c_str(), 1, 1), 0);
  allow(checkpoints, 01777);
  const Result result =
      run(kResume + Arguments{"--keep", "1"}, {.folder = folder_.path(), .prepare = obey_owners});
  expect_one_line(result, 1,
                  {"cannot remove run/checkpoints/0000000020.safetensors: Operation not permitted",
                   "the newest checkpoint is that of update 60; the run itself is saved"});
  EXPECT_EQ(names_in(checkpoints), (Arguments{"0000000020.safetensors", "0000000060.safetensors"}));
  expect_straight(run_folder());
}

}  // namespace
}  // namespace ppo::test
