// What is said of a probe: each defect in one text that names the place, and advice only where there is
// reason.
#include "commands/check_env/probe_findings.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ppo {
namespace {

/// A report of two numbers that are as they should be, of an environment with a time limit.
struct Case {
  std::vector<NumberStats> observation =
      std::vector<NumberStats>(2, NumberStats{.moments = {100, 0, 100}, .min = -2, .max = 2});
  EnvironmentInfo info{};
  ProbeOptions options{.time_limit = 50};
  ProbeReport report;

  Case() {
    info.observation_size = 2;
    info.actions = {3, 1, nullptr};
    report.steps = 100;
    report.terminated = 3;
    report.reward = {.moments = {100, 1, 100}, .min = 0, .max = 2};
    report.discounted = report.reward;
    report.observation = observation.data();
    report.forks = 10;
    report.actions_mattered = 10;
  }

  std::vector<std::string> defects() const { return defects_of(info, options, report); }
  std::vector<std::string> advice() const { return advice_for(info, options, report); }
};

ProbeFault fault(std::int64_t times, std::int64_t first, std::int32_t age, int place, float value = 0,
                 float other = 0) {
  return {.times = times, .first = first, .age = age, .place = place, .value = value, .other = other};
}

/// The only one of them, if it has all parts.
void expect_one(const std::vector<std::string>& texts, const std::vector<std::string>& parts) {
  ASSERT_EQ(texts.size(), 1U);
  for (const std::string& part : parts) EXPECT_NE(texts[0].find(part), std::string::npos) << texts[0];
}

TEST(ProbeFindings, NoneOfASoundEnvironmentButItsTimeLimit) {
  EXPECT_TRUE(Case().defects().empty());
  expect_one(Case().advice(), {"--max-episode-steps 50"});
}

TEST(ProbeFindings, NameTheNumberAndTheStep) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Case with;
  with.report.not_finite = fault(1, 1234, 7, 1, nan);
  expect_one(with.defects(),
             {"observation[1] was NaN", "in step 7 of an episode (step 1,234 of the check), once"});
  with.report.not_finite = fault(2, 5, 5, kInReward, -nan);
  expect_one(with.defects(), {"the reward was NaN", "2 times in all"});
}

TEST(ProbeFindings, SayWhatDiffers) {
  Case with;
  with.report.not_reproducible = fault(1, 0, 0, 0, 1.5F, 2);
  expect_one(with.defects(), {"observation[0] was 1.5 the first time and 2 the second", "right after reset"});
  with.report.not_reproducible = fault(1, 1, 1, kInEnd, 1);
  expect_one(with.defects(), {"the episode ended the first time, but not the second"});
  with.report.not_reproducible = fault(1, 1, 1, kInEnd, 0, 1);
  expect_one(with.defects(), {"the episode ended the second time, but not the first"});
}

TEST(ProbeFindings, SayHowLargeTheObservationIs) {
  Case with;
  with.report.unwritten = fault(1, 0, 0, 1);
  expect_one(with.defects(),
             {"left observation[1] unwritten", "obs[0] ... obs[1]", "kObservationSize, which is 2"});
  with.report.unwritten = {};
  with.report.overrun = fault(1, 0, 0, 2);
  expect_one(with.defects(), {"wrote to obs[2]", "kObservationSize, which is 2"});
}

TEST(ProbeFindings, WantAnEnd) {
  Case with;
  with.options.time_limit = 0;
  EXPECT_TRUE(with.defects().empty());
  EXPECT_TRUE(with.advice().empty());
  with.report.terminated = 0;
  expect_one(with.defects(),
             {"no episode ended in 100 steps, so training would never see a return", "kTimeLimit"});
}

TEST(ProbeFindings, WantRangesTheRightWayRound) {
  Case with;
  with.info.actions = {0, 2, [](int d) { return d == 0 ? ActionRange{-1, 1} : ActionRange{3, 3}; }};
  expect_one(with.defects(), {"action_range(1) is [3, 3]"});
}

TEST(ProbeFindings, AdviseToNormaliseWhatIsFarFromOne) {
  Case with;
  with.options.time_limit = 0;
  with.observation[1].moments = {100, 300, 1};
  expect_one(with.advice(), {"--norm-obs true", "observation[1] is far from 1"});
  with.observation[1] = {.moments = {100, 0, 1e-4}, .min = -0.002, .max = 0.002};
  expect_one(with.advice(), {"--norm-obs true"});
  with.observation[1] = {.moments = {100, 4, 0}, .min = 4, .max = 4};
  expect_one(with.advice(), {"observation[1] never changed"});
  with = Case();
  with.report.observation = with.observation.data();
  with.options.time_limit = 0;
  with.report.discounted.moments.m2 = 1e8;
  expect_one(with.advice(), {"--norm-reward true", "1e+03"});
  with.report.reward = {.moments = {100, 0, 0}, .min = 0, .max = 0};
  expect_one(with.advice(), {"every reward was 0"});
}

TEST(ProbeFindings, WonderAboutActionsThatMakeNoDifference) {
  Case with;
  with.options.time_limit = 0;
  with.report.actions_mattered = 0;
  expect_one(with.advice(), {"no action made a difference"});
}

}  // namespace
}  // namespace ppo
