// Stage times add up to the time that went by, and go to the stage that took it. Nothing here depends on how
// fast the machine is: a sleep lasts at least as long as it is told to, and a part no longer than the whole.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "engine/cpu/team.hpp"
#include "engine/profile.hpp"
#include "ppo/env/cartpole.hpp"
#include "system/stopwatch.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

constexpr double kRounding = 1e-6;  // of sums of doubles [s]

void sleep(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

double sum(const Profile& profile) {
  double seconds = 0;
  for (const StageTime& time : profile) seconds += time.work + time.wait;
  return seconds;
}

const StageTime& at(const Profile& profile, Stage stage) {
  return profile[static_cast<std::size_t>(stage)];
}

void expect_nothing_negative(const Profile& profile) {
  for (const StageTime& time : profile) {
    EXPECT_GE(time.work, 0);
    EXPECT_GE(time.wait, 0);
  }
}

TEST(StageClock, SumsWorkAndWaitByStage) {
  StageClock clock;
  const Stopwatch watch;
  for (int round = 0; round < 3; ++round) {
    clock.start();
    sleep(4);
    clock.at_barrier(Stage::values);
    sleep(1);
    clock.past_barrier(Stage::values);
    sleep(2);
    clock.at_barrier(Stage::adam);
    clock.past_barrier(Stage::adam);
  }
  const double wall = watch.seconds();
  const Profile& profile = clock.profile();
  expect_nothing_negative(profile);
  EXPECT_GE(at(profile, Stage::values).work, 3 * 4e-3 - kRounding);
  EXPECT_GE(at(profile, Stage::values).wait, 3 * 1e-3 - kRounding);
  EXPECT_GE(at(profile, Stage::adam).work, 3 * 2e-3 - kRounding);
  EXPECT_LE(sum(profile), wall + kRounding);
  for (const Stage untouched : {Stage::rollout, Stage::advantages, Stage::gradient, Stage::reduce}) {
    EXPECT_EQ(at(profile, untouched).work + at(profile, untouched).wait, 0);
  }
}

TEST(StageClock, TimeBetweenUpdatesDoesNotCount) {
  const Stopwatch watch;
  StageClock clock;
  clock.start();
  clock.at_barrier(Stage::rollout);
  sleep(10);
  clock.start();
  clock.at_barrier(Stage::rollout);
  EXPECT_LE(sum(clock.profile()), watch.seconds() - 10e-3 + kRounding);
}

TEST(StageClock, EachWorkerHasItsOwn) {
  Team team(3);
  StageClock clocks[3];
  const Stopwatch watch;
  team.run([&](const Worker& worker) {
    Worker timed = worker;
    timed.clock = &clocks[worker.index];
    timed.clock->start();
    if (worker.index == 2) sleep(5);
    timed.end(Stage::gradient);
  });
  const double wall = watch.seconds();
  for (const StageClock& clock : clocks) {
    expect_nothing_negative(clock.profile());
    EXPECT_LE(sum(clock.profile()), wall + kRounding);
  }
  EXPECT_GE(at(clocks[2].profile(), Stage::gradient).work, 5e-3 - kRounding);
}

// Agents that one worker trains alone and agents of the whole team are both counted.
TEST(EngineProfile, IsAPartOfTheTimeThatWentBy) {
  const Hyper hyper{{.num_envs = 9, .num_steps = 16, .num_minibatches = 2, .hidden_size = 16}, {}};
  for (const int threads : {1, 2, 3}) {
    for (const int agents : {1, 4}) {
      SCOPED_TRACE(::testing::Message() << threads << " threads, " << agents << " agents");
      CpuEngine engine(testing::kLoops<CartPole>, population_of(hyper, agents),
                       EngineInfo{"cpu", "test", threads}, {.profile = true});
      const Stopwatch watch;
      engine.run(5);
      const double wall = watch.seconds();
      const Profile profile = engine.profile();
      expect_nothing_negative(profile);
      for (const StageTime& time : profile) EXPECT_GT(time.work, 0);
      EXPECT_LE(sum(profile), wall + kRounding);
    }
  }
}

TEST(EngineProfile, IsNotTakenUnlessAskedFor) {
  CpuEngine engine = testing::make_engine<CartPole>({{.num_envs = 4, .num_steps = 8, .hidden_size = 16}, {}});
  engine.run(2);
  EXPECT_EQ(sum(engine.profile()), 0);
}

}  // namespace
}  // namespace ppo
