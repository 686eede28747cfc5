// A run folder that others meddle with while a run trains in it: it cannot be written, vanishes, loses its
// checkpoints, or is wanted by a second process.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <fstream>

#include "faults.hpp"
#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// Many updates, each with a line: tests wait for one, so that they know that it trains.
const Arguments kEndless = {"--num-envs",         "8",          "--num-steps", "32",
                            "--total-timesteps",  "1000000000", "--log-every", "1",
                            "--checkpoint-every", "5",          "--out",       "run"};

class FolderTest : public StraightRun {
 protected:
  fs::path run_folder() const { return folder_.path() / "run"; }
  Launch obedient() const { return {.folder = folder_.path(), .prepare = obey_permissions}; }

  void allow(const fs::path& path, unsigned mode) const {
    fs::permissions(path, static_cast<fs::perms>(mode));
  }

  /// It may be making files there at the same time.
  static void remove_in_spite_of_it(const fs::path& folder) {
    for (std::error_code again; fs::exists(folder);) fs::remove_all(folder, again);
  }

  /// The run, which trains, and ends when SIGTERM comes after `meddle`.
  template <class Meddle>
  Result meddled(Meddle meddle) {
    Process process(kEndless, obedient());
    EXPECT_TRUE(process.wait_for_output("Update 6:"));
    meddle();
    EXPECT_TRUE(process.wait_for_output("Update 40:"));
    EXPECT_TRUE(process.running());  // it does not cost the run while it trains
    process.signal(SIGTERM);
    return process.wait();
  }

  /// It goes on, and its rows are those of a run that was left alone.
  void expect_goes_on() {
    Process process({"resume", "run", "--log-every", "1"}, obedient());
    EXPECT_TRUE(process.wait_for_output("Update "));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait().exit_code, 128 + SIGTERM);
    const std::size_t updates = read_json(run_folder() / "run.json").at("updates");
    const std::string rows = read_file(run_folder() / "metrics.csv");
    EXPECT_EQ(lines(rows).size(), 1 + updates);
    const Result alone = run({"--num-envs", "8", "--num-steps", "32", "--total-timesteps",
                              std::to_string(256 * updates), "--quiet", "--out", "alone"},
                             obedient());
    EXPECT_EQ(alone.exit_code, 0) << alone.err;
    EXPECT_TRUE(read_file(folder_.path() / "alone" / "metrics.csv") == rows);
    EXPECT_EQ(hash_of(run_folder()), hash_of(folder_.path() / "alone"));
  }

  const TemporaryFolder folder_;
};

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
  ASSERT_EQ(names_in(run_folder()), kRunFiles);
  expect_straight(run_folder());
  EXPECT_EQ(names_in(run_folder() / "checkpoints").back(), "0000000060.safetensors");
  fs::remove_all(run_folder());
  fs::rename(folder_.path() / "moved", run_folder());
  expect_goes_on();
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

TEST_F(FolderTest, WhereRunJsonCannotBeWrittenCanBeGoneOnWith) {
  const Result result = meddled([&] {
    fs::create_directory(run_folder() / "run.json");
    std::ofstream(run_folder() / "run.json" / "in the way") << "x";
  });
  expect_one_line(result, 1, {"cannot write run/run.json: Is a directory"});
  fs::remove_all(run_folder() / "run.json");
  expect_goes_on();
}

TEST_F(FolderTest, HoldsALockThatOtherMachinesSee) {
  Process first(kEndless, obedient());
  ASSERT_TRUE(first.wait_for_output("Update 1:"));
  EXPECT_TRUE(fs::exists(run_folder() / "lock"));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait().exit_code, 128 + SIGTERM);
  ASSERT_EQ(names_in(run_folder()), kRunFiles);
  // What another machine has locked, of whose lock of the folder nobody would know here.
  const int file = ::open((run_folder() / "lock").c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(::flock(file, LOCK_EX), 0);
  expect_one_line(run(kResume, obedient()), 1, {"another process is training in run"});
  ::close(file);
  expect_goes_on();  // though there is a file that a killed process may have left
  EXPECT_EQ(names_in(run_folder()), kRunFiles);
}

TEST_F(FolderTest, WhereNothingCanBeLockedSaysSo) {
  const Result result = run(kRun, {.folder = folder_.path(), .prepare = without_locks});
  if (result.exit_code == 127) GTEST_SKIP() << "no system calls can be filtered";
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err,
            "ppo_train: note: the file system of run does not support file locks; a second process in this "
            "folder would damage the run\n");
}

TEST_F(FolderTest, OfANameWithDotsBehindWhatIsMissing) {
  for (const char* name : {"a/b/../c", "./d/./e", "f/g/", "h//i"}) {
    EXPECT_EQ(run(kShort + Arguments{"--quiet", "--out", name}, obedient()).exit_code, 0) << name;
    EXPECT_EQ(names_in(folder_.path() / name), kRunFiles);
  }
}

TEST_F(FolderTest, WhoseParentOthersMakeAtTheSameTime) {
  for (int time = 0; time < 10; ++time) {
    const std::string sweep = "sweep" + std::to_string(time) + "/a/b/";
    std::deque<Process> runs;
    for (int i = 0; i < 8; ++i) {
      runs.emplace_back(kShort + Arguments{"--quiet", "--out", sweep + std::to_string(i)}, obedient());
    }
    for (Process& each : runs) {
      const Result result = each.wait();
      EXPECT_EQ(result.exit_code, 0) << result.err;
    }
  }
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

TEST_F(FolderTest, ASecondProcessAtARandomMomentIsRefusedAndTheFirstUnharmed) {
  try_until({.name = "PPO_FAULT", .faults = 40}, [&]() -> long {
    const TemporaryFolder folder;
    Process first(kRun + random_checkpoints(), {.folder = folder.path()});
    sleep_for_a_part();
    const bool trains = random_whole(0, 1) == 0;
    const Result second = run(trains ? kRun : kResume, {.folder = folder.path()});
    const Result result = first.wait();
    if (second.exit_code == 0) {  // it was too late, or the first one was
      EXPECT_TRUE(result.exit_code == 0 || (trains && result.exit_code == 2)) << result.err;
    } else {
      EXPECT_EQ(result.exit_code, 0) << result.err;
      const bool is_there = contains(second.err, "another process is training in run");
      expect_one_line(second, is_there ? 1 : 2, {"run"});
    }
    expect_resumes(folder.path());
    return second.exit_code == 0 ? 0 : 1;
  });
}

}  // namespace
}  // namespace ppo::test
