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
};

TEST_F(MachineLimitsTest, OnOneCoreThereIsOneThreadAndTheSameRun) {
  const TemporaryFolder folder;
  const Launch held{.folder = folder.path(), .prepare = run_on_one_core};
  ASSERT_EQ(run(kRun + kOnCpu, held).exit_code, 0);
  expect_straight(folder.path() / "run");
  EXPECT_EQ(read_json(folder.path() / "run" / "run.json").at("threads"), 1);
}

TEST_F(MachineLimitsTest, WithLittleMemoryItEndsInALineAndLosesNothing) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer ends a program that has no memory";
#endif
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
      expect_one_line(result, result.exit_code == 2 ? 2 : 1, {});
      EXPECT_TRUE(contains(result.err, "memory") || contains(result.err, "cannot start")) << result.err;
    }
    EXPECT_TRUE(fs::exists(run_folder) || run(kRun, {.folder = folder.path()}).exit_code == 0);
    expect_resumes(folder.path());
    return faults;
  });
}

}  // namespace
}  // namespace ppo::test
