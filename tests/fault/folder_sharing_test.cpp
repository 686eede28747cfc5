// A run folder, or the folders above it, that several processes want.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <deque>
#include <filesystem>

#include "folder_runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

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
