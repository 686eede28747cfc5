// SIGINT, SIGTERM and SIGHUP at random moments of a run and of its resumption: one is answered with a whole
// run, two end the program at once, and neither costs anything.
#include <array>

#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
constexpr std::array kNames = {"SIGINT", "SIGTERM", "SIGHUP"};

class SignalTest : public StraightRun {
 protected:
  /// Starts the program and sends it the signal, `count` times at once, after a while.
  Result signalled(const Arguments& arguments, const fs::path& folder, int signal, int count) {
    Process process(arguments, {.folder = folder});
    sleep_for_a_part();
    for (; count > 0; --count) process.signal(signal);
    return process.wait();
  }

  /// What one signal leaves: a run whose run.json says what stopped it, or what was there before.
  void expect_whole(const Result& result, const fs::path& run_folder, const std::string& before,
                    std::size_t signal) {
    const std::string after = read_file(run_folder / "run.json");
    if (result.signal != 0) {  // it came before there was anything to be saved, or after everything was
      EXPECT_EQ(result.signal, kSignals[signal]);
      EXPECT_TRUE(fs::exists(run_folder) ? !after.empty() : before.empty());
      if (after == before) return;
    } else {
      EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 128 + kSignals[signal]) << result.err;
    }
    ASSERT_NE(after, "") << result.exit_code << ' ' << result.err;
    const Json json = Json::parse(after);
    const std::size_t updates = json.at("updates");
    EXPECT_EQ(json.at("stopped_by"), updates == 60 ? Json(nullptr) : Json(kNames[signal]));
    EXPECT_TRUE(updates == 60 || result.exit_code == 128 + kSignals[signal]);
    EXPECT_EQ(lines(read_file(run_folder / "metrics.csv")).size(), 1 + 2 * updates);
    const std::string digits = std::to_string(updates);
    const std::string checkpoint = std::string(10 - digits.size(), '0') + digits + ".safetensors";
    EXPECT_EQ(names_in(run_folder / "checkpoints").back(), checkpoint);  // so that no update is done again
    ++(updates == 60 ? ended_ : stopped_);
  }

  void expect_ended(const Result& result, std::size_t signal) {
    EXPECT_FALSE(result.timed_out);
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 128 + kSignals[signal] ||
                result.signal == kSignals[signal])
        << result.exit_code << " signal " << result.signal << ' ' << result.err;
  }

  /// A run that is stopped so, and perhaps its resumption too. Returns how many did not end by themselves.
  long stop_and_resume(int count) {
    const TemporaryFolder folder;
    const fs::path run_folder = folder.path() / "run";
    const auto stop = [&](const Arguments& arguments) -> long {
      const auto signal = static_cast<std::size_t>(random_whole(0, 2));
      const std::string before = read_file(run_folder / "run.json");
      const Result result = signalled(arguments, folder.path(), kSignals[signal], count);
      if (count == 1) {
        expect_whole(result, run_folder, before, signal);
      } else {
        expect_ended(result, signal);
      }
      return result.exit_code == 0 ? 0 : 1;
    };
    long stopped = 0;
    while (!fs::exists(run_folder / "config.toml")) {
      fs::remove_all(run_folder);
      stopped += stop(kRun + random_checkpoints());
    }
    for (long more = random_whole(0, 2); more > 0; --more) stopped += stop(kResume);
    expect_resumes(folder.path());
    return stopped;
  }

  long stopped_ = 0;
  long ended_ = 0;
};

TEST_F(SignalTest, OneAtARandomMomentLeavesAWholeRun) {
  try_until({.name = "PPO_FAULT", .faults = 80}, [&] { return stop_and_resume(1); });
  std::printf("%ld were saved on the way, %ld at their end\n", stopped_, ended_);
}

TEST_F(SignalTest, TwoAtARandomMomentLoseNothing) {
  try_until({.name = "PPO_FAULT", .faults = 80}, [&] { return stop_and_resume(2); });
}

}  // namespace
}  // namespace ppo::test
