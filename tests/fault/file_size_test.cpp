// A limit on the size of files (ulimit -f), which needs no privilege to try: at random sizes each file in
// turn is the one that fails, while a run trains, while it is resumed, and while its extras are made.
#include "faults.hpp"
#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

constexpr double kLeast = 1'000;      // less than config.toml has [bytes]
constexpr double kLargest = 400'000;  // more than any file has

class FileSizeTest : public StraightRun {
 protected:
  FileSizeTest() { may_lack_checkpoints_ = true; }

  /// Runs it with a limit, which may be wide enough. Returns whether it was not.
  long limited(const Arguments& arguments, const fs::path& folder) {
    const long limit = random_magnitude(kLeast, kLargest);
    SCOPED_TRACE(testing::Message() << limit << " bytes");
    const Result result = run(arguments, {.folder = folder, .prepare = file_size_limit(limit)});
    if (result.exit_code == 0 || is_without_checkpoint(result)) return 0;
    expect_one_line(result, 1, {"run/", "File too large"});
    return 1;
  }

  /// Trains, and goes on, within limits. Returns how often they were too narrow.
  long train_within_limits(const fs::path& folder, const Arguments& more) {
    long faults = 0;
    if (random_whole(0, 1) == 0) train_a_part(folder);  // so that the limits first meet a run to go on with
    while (!fs::exists(folder / "run" / "config.toml")) {
      EXPECT_FALSE(fs::exists(folder / "run"));  // the name is free for the next try
      faults += limited(kRun + random_checkpoints() + more, folder);
      if (HasFailure()) return faults;
    }
    for (long times = random_whole(0, 2); times > 0; --times) faults += limited(kResume + more, folder);
    return faults;
  }
};

TEST_F(FileSizeTest, AtRandomLimitsLosesNothing) {
  try_until({.name = "PPO_FAULT", .faults = 80}, [&] {
    const TemporaryFolder folder;
    const long faults = train_within_limits(folder.path(), {});
    expect_resumes(folder.path());
    return faults;
  });
}

TEST_F(FileSizeTest, AtRandomLimitsExtrasDoNotCostTheRun) {
  try_until({.name = "PPO_FAULT", .faults = 40}, [&] {
    const TemporaryFolder folder;
    const fs::path run_folder = folder.path() / "run";
    const Arguments extras = {"--report", "--render", "--render-training", "--tensorboard"};
    const long faults = train_within_limits(folder.path(), extras);
    for (const auto& [made, begin] :
         {std::pair{"report.html", "<!"}, {"film.gif", "GIF89a"}, {"training.gif", "GIF89a"}}) {
      const bool is_made = fs::exists(run_folder / made);
      EXPECT_TRUE(!is_made || read_file(run_folder / made).starts_with(begin)) << made;
      fs::remove(run_folder / made);
    }
    for (const std::string& name : names_in(run_folder)) EXPECT_FALSE(name.ends_with("_tmp")) << name;
    for (const char* events : {"seed42", "seed43"}) fs::remove_all(run_folder / events);
    expect_resumes(folder.path());
    return faults;
  });
}

}  // namespace
}  // namespace ppo::test
