// kill -9 at random moments, while a run trains and while it is resumed: nothing is ever lost, and it always
// ends with the bytes of the run that nobody has killed. scripts/kill_test.sh does more of them.
#include <array>

#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

class KillTest : public StraightRun {
 protected:
  void SetUp() override {
    train_straight(kRun, kinds_[0]);
    train_straight(kNormalisedRun, kinds_[1]);
  }

  /// Starts the program and kills it after a while, which may be too late. Returns how many were killed.
  long kill(const Arguments& arguments, const fs::path& folder) {
    Process process(arguments, {.folder = folder});
    sleep_for_a_part();
    process.signal(SIGKILL);
    const Result result = process.wait();
    if (result.signal == SIGKILL) return 1;
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return 0;
  }

  /// One run that is killed, resumed, perhaps killed again, and so on to its end. Returns the kills.
  long kill_and_resume() {
    straight_ = kinds_[seed_ % 2 == 0 ? 0 : 1];  // they take turns
    const TemporaryFolder folder;
    long kills = 0;
    while (!fs::exists(folder.path() / "run" / "config.toml")) {  // before that nothing could be lost
      fs::remove_all(folder.path() / "run");
      kills += kill(straight_.arguments + random_checkpoints(), folder.path());
    }
    for (long more = random_whole(0, 2); more > 0; --more) kills += kill(kResume, folder.path());
    expect_resumes(folder.path());
    return kills;
  }

 private:
  std::array<Straight, 2> kinds_;
};

TEST_F(KillTest, AtRandomMomentsLosesNothing) {
  try_until({.name = "PPO_KILL", .faults = 100, .most_s = 30}, [&] { return kill_and_resume(); });
}

}  // namespace
}  // namespace ppo::test
