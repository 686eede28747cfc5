// Less of the machine than the program would take: one core, little memory. cgroups are unit-tested, on
// folders.
#include "faults.hpp"
#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

const Arguments kOnCpu = {"--device", "cpu"};

class MachineLimitsTest : public StraightRun {
 protected:
  MachineLimitsTest() { may_lack_checkpoints_ = true; }

  /// With less the program is not even loaded, or is not able to say its version [bytes].
  static long least_memory() {
    constexpr long kPage = 4096;
    long too_little = 0;
    long enough = 1L << 40;
    while (enough - too_little > kPage) {
      const long middle = too_little + (enough - too_little) / 2;
      const bool is_enough = run({"--version"}, {.prepare = address_space_limit(middle)}).exit_code == 0;
      (is_enough ? enough : too_little) = middle;
    }
    return enough;
  }

  static void expect_refused_for_memory(const Result& result) {
    expect_one_line(result, result.exit_code == 2 ? 2 : 1, {});
    EXPECT_TRUE(contains(result.err, "memory") || contains(result.err, "cannot start")) << result.err;
  }
};

TEST_F(MachineLimitsTest, OnOneCoreThereIsOneThreadAndTheSameRun) {
  const TemporaryFolder folder;
  const Launch held{.folder = folder.path(), .prepare = run_on_one_core};
  ASSERT_EQ(run(kRun + kOnCpu, held).exit_code, 0);
  expect_straight(folder.path() / "run");
  EXPECT_EQ(read_json(folder.path() / "run" / "run.json").at("threads"), 1);
}

TEST_F(MachineLimitsTest, WithLittleMemoryItEndsInALineAndLosesNothing) {
  if (!kCanLimitMemory) GTEST_SKIP() << "a sanitizer needs more memory";
  const long least = least_memory();
  try_until({.name = "PPO_FAULT", .faults = 60}, [&] {
    const TemporaryFolder folder;
    const fs::path run_folder = folder.path() / "run";
    if (random_whole(0, 1) == 0) train_a_part(folder.path());
    long faults = 0;
    for (int times = 0; times < 3; ++times) {
      const long limit = least + random_magnitude(4e3, 60e6);
      SCOPED_TRACE(testing::Message() << limit << " bytes");
      const bool is_begun = fs::exists(run_folder / "config.toml");
      EXPECT_EQ(fs::exists(run_folder), is_begun);
      const Result result = run((is_begun ? kResume : kRun + random_checkpoints()) + kOnCpu +
                                    Arguments{"--threads", std::to_string(random_whole(1, 3))},
                                {.folder = folder.path(), .prepare = address_space_limit(limit)});
      if (result.exit_code == 0) continue;
      ++faults;
      expect_refused_for_memory(result);
    }
    EXPECT_TRUE(fs::exists(run_folder) || run(kRun, {.folder = folder.path()}).exit_code == 0);
    expect_resumes(folder.path());
    return faults;
  });
}

TEST_F(MachineLimitsTest, WithLittleMemoryAFilmOrReportCostsOnlyItself) {
  if (!kCanLimitMemory) GTEST_SKIP() << "a sanitizer needs more memory";
  const TemporaryFolder folder;
  const fs::path run_folder = folder.path() / "run";
  ASSERT_EQ(run(kRun, {.folder = folder.path()}).exit_code, 0);
  const long least = least_memory();
  try_until({.name = "PPO_FAULT", .faults = 30}, [&]() -> long {
    const long limit =
        least + random_whole(500'000, 3'000'000);  // from too little for the run to enough for all
    SCOPED_TRACE(testing::Message() << limit << " bytes");
    const Result result =
        run(kResume + kOnCpu + Arguments{"--threads", "1", "--render", "--render-training", "--report"},
            {.folder = folder.path(), .prepare = address_space_limit(limit)});
    int made = 0;
    for (const char* name : {"film.gif", "training.gif", "report.html"})
      made += fs::remove(run_folder / name);
    EXPECT_EQ(result.exit_code == 0, made == 3) << result.err;
    if (result.exit_code != 0) expect_refused_for_memory(result);
    EXPECT_EQ(names_in(run_folder), kEvaluatedRunFiles);
    expect_straight(run_folder);
    return contains(result.err, "the run itself is saved") ? 1 : 0;
  });
}

TEST_F(MachineLimitsTest, WithTooLittleMemoryForItsSizesItSaysHowMuchItNeeds) {
  if (!kCanLimitMemory) GTEST_SKIP() << "a sanitizer needs more memory";
  const TemporaryFolder folder;
  const Arguments large = {"--num-envs", "65536",   "--num-steps", "16", "--total-timesteps",
                           "1048576",    "--quiet", "--out",       "run"};
  const Launch small{.folder = folder.path(), .prepare = address_space_limit(least_memory() + 30'000'000)};
  const Result begun = run(kOnCpu + large, small);
  expect_one_line(begun, 2,
                  {"this run needs ", " MiB of memory and ", " MiB are available",
                   "write a smaller num_envs (now 65536)"});
  EXPECT_EQ(names_in(folder.path()), Arguments{});
  ASSERT_EQ(run(large, {.folder = folder.path()}).exit_code, 0);
  const std::string metrics = read_file(folder.path() / "run" / "metrics.csv");
  const Result resumed = run(kResume + kOnCpu + Arguments{"--total-timesteps", "2097152"}, small);
  expect_one_line(resumed, 2, {"this run needs ", "free some, or continue on a larger machine"});
  EXPECT_FALSE(contains(resumed.err, "num_envs"));  // which cannot change any more
  EXPECT_TRUE(read_file(folder.path() / "run" / "metrics.csv") == metrics);
}

}  // namespace
}  // namespace ppo::test
