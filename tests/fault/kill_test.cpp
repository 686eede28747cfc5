// kill -9 at random moments, while a run trains and while it is resumed: nothing is ever lost, and it always
// ends with the bytes of the run that nobody has killed. scripts/kill_test.sh does more of them.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "cli/runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Two agents, 60 updates, in some 50 ms.
const Arguments kRun = {
    "train", "--num-envs",          "16", "--num-steps", "16",   "--num-seeds", "2",     "--total-timesteps",
    "15360", "--max-episode-steps", "30", "--anneal-lr", "true", "--quiet",     "--out", "run"};

/// From the environment, as the script sets it.
long setting(const char* name, long usual) {
  const char* const value = std::getenv(name);
  return value == nullptr ? usual : std::atol(value);
}

class KillTest : public testing::Test {
 protected:
  void SetUp() override {
    const TemporaryFolder folder;
    const Clock::time_point start = Clock::now();
    ASSERT_EQ(run(kRun, {.folder = folder.path()}).exit_code, 0);
    straight_s_ = Seconds(Clock::now() - start).count();
    metrics_ = read_file(folder.path() / "run" / "metrics.csv");
    policy_ = read_file(folder.path() / "run" / "policy.safetensors");
    agents_ = read_json(folder.path() / "run" / "run.json").at("agents");
  }

  double random(double least, double most) { return std::uniform_real_distribution(least, most)(random_); }

  /// Starts the program and kills it after a while, which may be too late. Returns whether it was.
  bool killed(const Arguments& arguments, const fs::path& folder) {
    Process process(arguments, {.folder = folder});
    std::this_thread::sleep_for(Seconds(random(0, 1.3 * straight_s_)));
    process.signal(SIGKILL);
    const Result result = process.wait();
    if (result.signal == SIGKILL) return true;
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return false;
  }

  /// One run that is killed, resumed, perhaps killed again, and so on to its end.
  void kill_and_resume() {
    const TemporaryFolder folder;
    const fs::path run_folder = folder.path() / "run";
    const Arguments every = {"--checkpoint-every", std::to_string(random_() % 8)};
    while (!fs::exists(run_folder / "config.toml")) {  // before that there is nothing that could be lost
      fs::remove_all(run_folder);
      kills_ += killed(kRun + every, folder.path()) ? 1 : 0;
    }
    for (auto more = random_() % 3; more > 0; --more) {
      kills_ += killed({"resume", "run", "--quiet"}, folder.path()) ? 1 : 0;
    }
    const Result last = run({"resume", "run", "--quiet"}, {.folder = folder.path()});
    ASSERT_EQ(last.exit_code, 0) << last.err;
    started_again_ += contains(last.err, "starting again") ? 1 : 0;
    ASSERT_EQ(names_in(run_folder), kRunFiles);
    ASSERT_TRUE(read_file(run_folder / "metrics.csv") == metrics_);
    ASSERT_TRUE(read_file(run_folder / "policy.safetensors") == policy_);
    ASSERT_EQ(read_json(run_folder / "run.json").at("agents"), agents_);
    ASSERT_EQ(lines(read_file(run_folder / "timing.csv")).size(), 61U);
    for (const std::string& name : names_in(run_folder / "checkpoints")) {
      ASSERT_TRUE(name.ends_with(".safetensors")) << name;
    }
  }

  std::mt19937 random_;
  double straight_s_ = 0;
  std::string metrics_, policy_;
  Json agents_;
  long kills_ = 0;
  long started_again_ = 0;
};

TEST_F(KillTest, AtRandomMomentsLosesNothing) {
  const long count = setting("PPO_KILL_COUNT", 100);
  const long first_seed = setting("PPO_KILL_SEED", 1);
  const bool is_asked = std::getenv("PPO_KILL_COUNT") != nullptr;
  const Clock::time_point start = Clock::now();
  long runs = 0;
  while (kills_ < count) {
    // On a slow machine fewer do, unless they are asked for.
    if (!is_asked && Clock::now() - start > std::chrono::seconds(60)) break;
    SCOPED_TRACE(testing::Message() << "PPO_KILL_SEED=" << first_seed + runs);
    random_.seed(static_cast<std::mt19937::result_type>(first_seed + runs++));
    kill_and_resume();
    if (HasFatalFailure()) break;
  }
  std::printf("%ld kills in %ld runs, seeds %ld to %ld; %ld were started again, %ld lost\n", kills_, runs,
              first_seed, first_seed + runs - 1, started_again_, HasFailure() ? 1L : 0L);
  EXPECT_GT(kills_, 10);
}

}  // namespace
}  // namespace ppo::test
