// Acrobot's rules: where an episode ends, how it begins, what bounds hold, and how angles wrap.
#include "ppo/env/acrobot.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "unit/env/resets.hpp"

namespace ppo {
namespace {

static_assert(DrawsItself<Acrobot> && std::is_trivially_copyable_v<Acrobot::State>);

using State = Acrobot::State;

constexpr double kTurn = 2 * kPi<double>;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Transition<> step(State& state, int action) {
  Draws unused({}, Purpose::environment);
  return Acrobot::step(state, action, unused);
}

TEST(Angle, WithinHalfATurnStaysAsItIs) {
  for (const float angle : {0.0F, -0.0F, 1e-30F, 1.0F, -3.0F, kPi<float>, -kPi<float>}) {
    EXPECT_EQ(bits(wrapped(angle)), bits(angle)) << angle;
  }
  EXPECT_EQ(wrapped(kPi<double>), kPi<double>);
}

TEST(Angle, LosesWholeTurns) {
  EXPECT_NEAR(wrapped(std::nextafter(kPi<float>, 4.0F)), -kPi<float>, 3e-7F);
  EXPECT_NEAR(wrapped(std::nextafter(-kPi<float>, -4.0F)), kPi<float>, 3e-7F);
  for (double angle = -1e6; angle <= 1e6; angle += 98.7) {
    const auto start = static_cast<float>(angle);
    const float ends = wrapped(start);
    const float spacing = std::nextafter(std::abs(start), kInfinity) - std::abs(start);
    ASSERT_LE(std::abs(ends), kPi<float>) << start;
    ASSERT_LE(std::abs(std::remainder(static_cast<double>(start) - static_cast<double>(ends), kTurn)),
              static_cast<double>(spacing) + 2e-7)
        << start;
    ASSERT_LE(std::abs(std::remainder(angle - wrapped(angle), kTurn)), 1e-9) << angle;
    ASSERT_LE(std::abs(wrapped(angle)), kPi<double>) << angle;
  }
}

TEST(Angle, NearOddHalfTurnsStaysWithinBounds) {
  for (int turns = -1000; turns <= 1000; ++turns) {
    auto angle = static_cast<float>((turns + 0.5) * kTurn);
    for (int i = 0; i < 5; ++i, angle = std::nextafter(angle, kInfinity)) {
      ASSERT_LE(std::abs(wrapped(angle)), kPi<float>) << angle;
      ASSERT_GE(std::abs(wrapped(angle)), 3.13F) << angle;
    }
  }
}

TEST(Angle, IsNotANumberBeyondWhereSineEnds) {
  for (const float angle : {kNaN, kInfinity, -kInfinity, 2e6F, -3e38F})
    EXPECT_TRUE(std::isnan(wrapped(angle)));
  EXPECT_FALSE(std::isnan(wrapped(0x1p20F)));
}

TEST(AcrobotRules, EndsAboveTheLineWithoutAPenalty) {
  State upright{kPi<float>, 0, 0, 0};
  const Transition<> last = step(upright, 1);
  EXPECT_TRUE(last.terminated);
  EXPECT_EQ(last.reward, 0.0F);
  State hanging{};
  const Transition<> first = step(hanging, 1);
  EXPECT_FALSE(first.terminated);
  EXPECT_EQ(first.reward, -1.0F);
  State level{kPi<float>, kPi<float> / 2, 0, 0};  // the end at the height of the elbow, and about to fall
  EXPECT_FALSE(step(level, 1).terminated);
}

TEST(AcrobotRules, HangsStillWithoutATorque) {
  State state{};
  for (int i = 0; i < 10; ++i) step(state, 1);
  EXPECT_EQ(state.theta1, 0);
  EXPECT_EQ(state.theta2, 0);
  EXPECT_EQ(state.theta1_dot, 0);
  EXPECT_EQ(state.theta2_dot, 0);
}

TEST(AcrobotRules, LeftAndRightAreMirrored) {
  State right{0.5F, -0.2F, 0.1F, 0.7F};
  State left{-0.5F, 0.2F, -0.1F, -0.7F};
  for (int i = 0; i < 50; ++i) {
    step(right, i % 3);
    step(left, 2 - i % 3);
    ASSERT_EQ(left.theta1, -right.theta1);
    ASSERT_EQ(left.theta2, -right.theta2);
    ASSERT_EQ(left.theta1_dot, -right.theta1_dot);
    ASSERT_EQ(left.theta2_dot, -right.theta2_dot);
  }
}

TEST(AcrobotRules, ATorqueTurnsTheLowerLinkItsWay) {
  State state{};
  step(state, 2);
  EXPECT_GT(state.theta2_dot, 0.1F);
  EXPECT_LT(state.theta1_dot, 0);
}

TEST(AcrobotRules, EveryNumberStaysWithinItsBounds) {
  int at_bound1 = 0, at_bound2 = 0;
  for (std::uint32_t n = 0; n < 1U << 16; ++n) {
    Draws draws({.seed = 5, .environment = n}, Purpose::environment);
    State state{draws.uniform(-kPi<float>, kPi<float>), draws.uniform(-kPi<float>, kPi<float>),
                draws.uniform(-Acrobot::kMaxTheta1Dot, Acrobot::kMaxTheta1Dot),
                draws.uniform(-Acrobot::kMaxTheta2Dot, Acrobot::kMaxTheta2Dot)};
    step(state, static_cast<int>(n % 3));
    ASSERT_LE(std::abs(state.theta1), kPi<float>);  // and not NaN
    ASSERT_LE(std::abs(state.theta2), kPi<float>);
    ASSERT_LE(std::abs(state.theta1_dot), Acrobot::kMaxTheta1Dot);
    ASSERT_LE(std::abs(state.theta2_dot), Acrobot::kMaxTheta2Dot);
    at_bound1 += std::abs(state.theta1_dot) == Acrobot::kMaxTheta1Dot;
    at_bound2 += std::abs(state.theta2_dot) == Acrobot::kMaxTheta2Dot;
  }
  EXPECT_GT(at_bound1, 1000);
  EXPECT_GT(at_bound2, 1000);
}

TEST(AcrobotRules, AStateThatIsNotANumberNeitherHangsNorEnds) {
  for (State state : {State{kNaN, 0, 0, 0}, State{0, kNaN, 0, 0}, State{0, 0, kNaN, 0}, State{0, 0, 0, kNaN},
                      State{0, kInfinity, 0, 0}, State{1e30F, 0, 0, 0}, State{0, 0, 1e30F, 0}}) {
    const Transition<> transition = step(state, 0);
    EXPECT_FALSE(transition.terminated);
    EXPECT_TRUE(std::isnan(state.theta2));
  }
}

TEST(AcrobotRules, ResetIsUniformWithinATenth) {
  testing::expect_uniform_resets<Acrobot>({{-0.1, 0.1}, {-0.1, 0.1}, {-0.1, 0.1}, {-0.1, 0.1}});
}

TEST(AcrobotRules, ObservationIsCosinesSinesAndSpeeds) {
  float obs[6];
  Acrobot::observe({0.5F, -2.0F, 3, 4}, obs);
  EXPECT_EQ(obs[0], cos(0.5F));
  EXPECT_EQ(obs[1], sin(0.5F));
  EXPECT_EQ(obs[2], cos(2.0F));
  EXPECT_EQ(obs[3], -sin(2.0F));
  EXPECT_EQ(obs[4], 3);
  EXPECT_EQ(obs[5], 4);
}

}  // namespace
}  // namespace ppo
