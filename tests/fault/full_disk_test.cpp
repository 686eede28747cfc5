// A disk that fills up, from not even having room for config.toml to nearly having enough, while a run
// trains, while it is resumed and while its extras are made. Once there is space again, the run goes on to
// the bytes of one that always had it.
#include "small_disk.hpp"
#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

class FullDiskTest : public StraightRun {
 protected:
  FullDiskTest() { may_lack_checkpoints_ = true; }

  /// Runs it on the disk as it is. Returns whether that was not enough.
  long squeezed(const Arguments& arguments, const fs::path& folder) {
    const Result result = run(arguments, {.folder = folder});
    if (result.exit_code == 0 || is_without_checkpoint(result)) return 0;
    expect_one_line(result, 1, {"run", "No space left on device"});
    return 1;
  }

  /// Trains and goes on while `limit` holds, until `lift`. Returns how often there was not enough.
  template <class Limit, class Lift>
  long squeeze_and_resume(const Arguments& more, Limit limit, Lift lift) {
    const TemporaryFolder folder;
    const SmallDisk disk(folder.path());
    const fs::path run_folder = folder.path() / "run";
    if (random_whole(0, 1) == 0) train_a_part(folder.path());  // so that a run to go on with meets it first
    limit(disk);
    long faults = 0;
    if (!fs::exists(run_folder / "config.toml")) {
      fs::remove_all(run_folder);
      faults += squeezed(kRun + random_checkpoints() + more, folder.path());
    }
    const bool is_begun = fs::exists(run_folder / "config.toml");
    EXPECT_EQ(fs::exists(run_folder), is_begun);  // otherwise the name is free for the next try
    for (long times = is_begun ? random_whole(0, 2) : 0; times > 0; --times) {
      faults += squeezed(kResume + more, folder.path());
    }
    lift(disk);
    EXPECT_TRUE(is_begun || run(kRun, {.folder = folder.path()}).exit_code == 0);
    for (const char* extra : {"report.html", "film.gif", "training.gif", "seed42", "seed43"}) {
      fs::remove_all(run_folder / extra);
    }
    expect_resumes(folder.path());
    return faults;
  }

  long fill_and_resume(const Arguments& more, double most_bytes) {
    const auto room = static_cast<std::uint64_t>(random_magnitude(2'000, most_bytes));
    const bool grows = random_whole(0, 1) == 0;
    SCOPED_TRACE(testing::Message() << "room for " << room << " bytes");
    return squeeze_and_resume(
        more, [&](const SmallDisk& disk) { disk.fill_but_for(room); },
        [&](const SmallDisk& disk) { grows ? disk.grow() : disk.free(); });
  }

  template <class Trial>
  void try_with_own_mounts(Trial trial) {
    if (!with_own_mounts([&] { try_until({.name = "PPO_FAULT", .faults = 40, .most_s = 9}, trial); }))
      GTEST_SKIP() << "this user may not mount, not even in a namespace of their own";
  }
};

TEST_F(FullDiskTest, OfARandomSizeLosesNothing) {
  try_with_own_mounts([&] { return fill_and_resume({}, 900'000); });
}

TEST_F(FullDiskTest, OfARandomSizeDoesNotLoseTheRunForItsExtras) {
  try_with_own_mounts([&] {
    return fill_and_resume({"--report", "--render", "--render-training", "--tensorboard"}, 1'500'000);
  });
}

TEST_F(FullDiskTest, WithoutRoomForMoreFilesLosesNothing) {
  try_with_own_mounts([&] {
    const long files = random_whole(0, 9);
    SCOPED_TRACE(testing::Message() << "room for " << files << " files");
    return squeeze_and_resume(
        {}, [&](const SmallDisk& disk) { disk.limit_files(files); },
        [](const SmallDisk& disk) { disk.lift_limit_of_files(); });
  });
}

}  // namespace
}  // namespace ppo::test
