// Nobody reads what the program prints: the reader leaves at a random moment, or was never there. The run is
// kept whole, to the straight one's bytes, and the exit code says that something is missing.
#include <unistd.h>

#include "straight_run.hpp"

namespace ppo::test {
namespace {

class ReaderTest : public StraightRun {
 protected:
  /// kRun with all that it has to say.
  static Arguments talkative() {
    Arguments arguments = kRun + Arguments{"--log-every", "1"};
    std::erase(arguments, "--quiet");
    return arguments;
  }

  Result without(const std::vector<int>& streams, const Arguments& arguments) const {
    return run(arguments, {.folder = folder_.path(), .prepare = [&] {
                             for (const int stream : streams) close(stream);
                             return true;
                           }});
  }

  /// Runs it for a reader that leaves after a while. Returns whether that was before its end.
  long left_alone(const Arguments& arguments, const std::filesystem::path& folder) {
    Process process(arguments, {.folder = folder});
    sleep_for_a_part();
    process.close_output();
    const Result result = process.wait();
    if (result.exit_code != 0) expect_one_line(result, 1, {"cannot write to the standard output"});
    expect_straight(folder / "run");
    return result.exit_code == 0 ? 0 : 1;
  }

  const TemporaryFolder folder_;
};

TEST_F(ReaderTest, ThatLeavesAtARandomMomentCostsOnlyTheOutput) {
  try_until({.name = "PPO_FAULT", .faults = 60}, [&]() -> long {
    const TemporaryFolder folder;
    return left_alone(talkative() + random_checkpoints(), folder.path());
  });
}

TEST_F(ReaderTest, ThatLeavesAResumedRunCostsOnlyTheOutput) {
  try_until({.name = "PPO_FAULT", .faults = 30, .most_s = 8}, [&]() -> long {
    const TemporaryFolder folder;
    while (!std::filesystem::exists(folder.path() / "run")) train_a_part(folder.path());
    return left_alone({"resume", "run", "--log-every", "1"}, folder.path());
  });
}

TEST_F(ReaderTest, WhoWasNeverThereCostsOnlyTheOutput) {
  const std::vector<std::vector<int>> sets = {{1}, {1, 2}, {0, 1, 2}, {2}, {0, 2}};
  for (const std::vector<int>& closed : sets) {
    const bool is_output_lost = std::count(closed.begin(), closed.end(), STDOUT_FILENO) > 0;
    EXPECT_EQ(without(closed, talkative()).exit_code, is_output_lost ? 1 : 0);
    expect_straight(folder_.path() / "run");
    std::filesystem::remove_all(folder_.path() / "run");
    EXPECT_EQ(without(closed, kRun).exit_code, 0);
    expect_straight(folder_.path() / "run");
    EXPECT_EQ(without(closed, kRun).exit_code, 2);  // refused without anybody to be told
    std::filesystem::remove_all(folder_.path() / "run");
  }
}

}  // namespace
}  // namespace ppo::test
