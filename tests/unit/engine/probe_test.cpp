// The probe finds what is wrong with an environment, and nothing where nothing is.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/cpu/reference/probe.hpp"
#include "ppo/env/cartpole.hpp"
#include "ppo/env/pendulum.hpp"
#include "unit/engine/faulty_environments.hpp"

namespace ppo::testing {
namespace {

template <class Env>
struct Probed {
  std::vector<NumberStats> observation{Env::kObservationSize};
  ProbeReport report;

  explicit Probed(const ProbeOptions& options = {.steps = 20'000}) {
    report.observation = observation.data();
    reference::probe<Env>(options, nullptr, report);
  }

  std::int64_t faults() const {
    return report.not_finite.times + report.unwritten.times + report.overrun.times +
           report.not_reproducible.times;
  }
};

TEST(Probe, FindsNothingWhereNothingIs) {
  const Probed<Sound> sound;
  EXPECT_EQ(sound.faults(), 0);
  EXPECT_EQ(sound.report.steps, 20'000);
  EXPECT_EQ(sound.report.terminated, 2'000);
  EXPECT_EQ(sound.report.truncated, 0);
  EXPECT_EQ(sound.report.episode_length.min, 10);
  EXPECT_EQ(sound.report.episode_length.max, 10);
  EXPECT_EQ(sound.report.reward.moments.count, 20'000);
  EXPECT_EQ(sound.observation[1].min, 0);
  EXPECT_EQ(sound.observation[1].max, 10);
  EXPECT_NEAR(sound.observation[1].moments.mean, 5, 1e-3);
  EXPECT_GT(sound.report.actions_mattered, sound.report.forks / 2);
  EXPECT_EQ((Probed<CartPole>({.steps = 20'000, .time_limit = 500}).faults()), 0);
  EXPECT_EQ((Probed<Pendulum>({.steps = 20'000, .time_limit = 200}).faults()), 0);
}

TEST(Probe, CutsEpisodesAtTheTimeLimit) {
  const Probed<Sound> cut({.steps = 1'000, .time_limit = 4});
  EXPECT_EQ(cut.report.terminated, 0);
  EXPECT_EQ(cut.report.truncated, 250);
  EXPECT_EQ(cut.report.episode_length.max, 4);
}

TEST(Probe, NamesTheStepAndTheNumberThatIsNotANumber) {
  const Probed<NanAtStepSeven> probed;
  EXPECT_EQ(probed.report.not_finite.first, 7);
  EXPECT_EQ(probed.report.not_finite.age, 7);
  EXPECT_EQ(probed.report.not_finite.place, 1);
  EXPECT_TRUE(std::isnan(probed.report.not_finite.value));
  EXPECT_EQ(probed.report.not_finite.times, 20'000 / 7);
  EXPECT_TRUE(std::isfinite(probed.observation[1].moments.mean));
  EXPECT_EQ(probed.faults(), probed.report.not_finite.times);
}

TEST(Probe, FindsAnInfiniteReward) {
  const Probed<InfiniteReward> probed;
  EXPECT_EQ(probed.report.not_finite.first, 10);
  EXPECT_EQ(probed.report.not_finite.place, kInReward);
  EXPECT_EQ(probed.report.reward.min, 0);
}

TEST(Probe, FindsAStaticCounter) {
  const Probed<Counts> probed;
  EXPECT_GT(probed.report.not_reproducible.times, 0);
  EXPECT_LE(probed.report.not_reproducible.first, 100);
  EXPECT_EQ(probed.report.not_reproducible.place, kInReward);
}

TEST(Probe, FindsWhatAnEpisodeKeepsOutsideOfItsState) {
  EXPECT_GT(Probed<StaticGoal>().report.not_reproducible.times, 0);
}

TEST(Probe, FindsAMemberThatResetLeavesUnset) {
  EXPECT_GT(Probed<Unset>().report.not_reproducible.times, 0);
}

TEST(Probe, FindsAStateThatCannotBeCopied) {
  EXPECT_GT(Probed<Pointer>().report.not_reproducible.times, 0);
}

TEST(Probe, FindsObservationsOfTheWrongSize) {
  const Probed<WritesTooMuch> more;
  EXPECT_EQ(more.report.overrun.place, 2);
  EXPECT_EQ(more.report.overrun.first, 3);
  EXPECT_EQ(more.faults(), more.report.overrun.times);
  const Probed<WritesFarTooMuch> many;
  EXPECT_EQ(many.report.overrun.place, 2);
  EXPECT_EQ(many.faults(), many.report.overrun.times);
  EXPECT_EQ(Probed<WritesBefore>().report.overrun.place, -1);
  const Probed<WritesTooLittle> fewer;
  EXPECT_EQ(fewer.report.unwritten.place, 1);
  EXPECT_EQ(fewer.report.unwritten.first, 5);
  EXPECT_EQ(fewer.faults(), fewer.report.unwritten.times);
}

TEST(Probe, SeesThatNoEpisodeEndsAndThatNoActionMatters) {
  const Probed<NeverEnds> probed;
  EXPECT_EQ(probed.faults(), 0);
  EXPECT_EQ(probed.report.terminated + probed.report.truncated, 0);
  EXPECT_GT(probed.report.forks, 100);
  EXPECT_EQ(probed.report.actions_mattered, 0);
}

TEST(Probe, DrawsTheNumbersOfABoxFromTheirWholeRanges) {
  const Probed<ShowsItsAction> probed;
  EXPECT_EQ(probed.observation[0].min, -2);
  EXPECT_EQ(probed.observation[0].max, 2);
  EXPECT_EQ(probed.report.reward.min, 0);
  EXPECT_EQ(probed.report.reward.max, 1);
  EXPECT_NEAR(probed.report.reward.moments.mean, 0.5, 0.01);
  EXPECT_EQ(probed.faults(), 0);
}

}  // namespace
}  // namespace ppo::testing
