// Pendulum's rules: what a step costs, what a torque does, what bounds hold.
#include "ppo/env/pendulum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "unit/env/resets.hpp"

namespace ppo {
namespace {

static_assert(DrawsItself<Pendulum> && std::is_trivially_copyable_v<Pendulum::State>);

using State = Pendulum::State;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Transition<> step(State& state, float torque) {
  Draws unused({}, Purpose::environment);
  return Pendulum::step(state, &torque, unused);
}

TEST(PendulumRules, CostIsThatOfTheStateBeforeAndOfTheLimitedTorque) {
  State upright{};
  EXPECT_EQ(step(upright, 0).reward, 0);
  State limited{}, full{};
  EXPECT_NEAR(step(limited, 50.0F).reward, -0.004F, 1e-9F);
  EXPECT_NEAR(step(full, 2.0F).reward, -0.004F, 1e-9F);
  EXPECT_EQ(limited.theta_dot, full.theta_dot);
  State hanging{kPi<float>, 0, 0}, turning{0, 3, 0}, past{3 * kPi<float> / 2, 0, 0};
  EXPECT_NEAR(step(hanging, 0).reward, -kPi<float> * kPi<float>, 1e-5F);
  EXPECT_NEAR(step(turning, 0).reward, -0.9F, 1e-6F);
  EXPECT_NEAR(step(past, 0).reward, -kPi<float> * kPi<float> / 4, 1e-5F);  // a quarter from upright
}

TEST(PendulumRules, NeverEnds) {
  State state{1, 2, 0};
  for (int i = 0; i < 1000; ++i) ASSERT_FALSE(step(state, static_cast<float>(i % 5 - 2)).terminated);
}

TEST(PendulumRules, FallsAwayFromUprightAndATorqueTurnsItsWay) {
  State left{0.1F, 0, 0}, right{-0.1F, 0, 0}, pushed{}, pulled{};
  step(left, 0);
  step(right, 0);
  step(pushed, 2.0F);
  step(pulled, -2.0F);
  EXPECT_NEAR(left.theta_dot, 0.05F * 15 * 0.1F, 2e-3F);
  EXPECT_EQ(right.theta_dot, -left.theta_dot);
  EXPECT_NEAR(pushed.theta_dot, 0.05F * 3 * 2, 1e-6F);
  EXPECT_EQ(pulled.theta_dot, -pushed.theta_dot);
  EXPECT_EQ(pushed.theta, 0.05F * pushed.theta_dot);  // by the new speed
}

TEST(PendulumRules, SpeedIsBoundAndAnglesDoNotGrow) {
  State state{0.1F, 7.9F, 0};
  bool bound = false;
  for (int i = 0; i < 5000; ++i) {
    step(state, 2.0F);
    ASSERT_LE(std::abs(state.theta_dot), 8.0F);
    ASSERT_LE(std::abs(state.theta), kPi<float> + 0.4001F);
    bound = bound || state.theta_dot == 8.0F;
  }
  EXPECT_TRUE(bound);
}

TEST(PendulumRules, KeepsItsTorqueForThePicture) {
  State state{};
  step(state, -0.75F);
  EXPECT_EQ(state.torque, -0.75F);
  step(state, 9.0F);
  EXPECT_EQ(state.torque, 2.0F);
  Draws draws({}, Purpose::first_reset);
  EXPECT_EQ(Pendulum::reset(draws).torque, 0);
  State other = state;
  other.torque = 0;
  EXPECT_EQ(step(state, 1.0F).reward, step(other, 1.0F).reward);
  EXPECT_EQ(state.theta, other.theta);
}

TEST(PendulumRules, AStateThatIsNotANumberNeitherHangsNorEnds) {
  for (State state : {State{kNaN, 0, 0}, State{0, kNaN, 0}, State{kInfinity, 0, 0}, State{-3e38F, 0, 0}}) {
    const Transition<> transition = step(state, 0);
    EXPECT_FALSE(transition.terminated);
    EXPECT_TRUE(std::isnan(transition.reward));
    EXPECT_TRUE(std::isnan(state.theta));
  }
  State state{};
  EXPECT_TRUE(std::isnan(step(state, kNaN).reward));
}

TEST(PendulumRules, ResetIsUniformAllAround) {
  const double pi = kPi<double>;
  testing::expect_uniform_resets<Pendulum>({{-pi, pi}, {-1, 1}, {0, 0}});
}

TEST(PendulumRules, ObservationIsCosineSineAndSpeed) {
  float obs[3];
  Pendulum::observe({0.5F, -3, 1}, obs);
  EXPECT_EQ(obs[0], cos(0.5F));
  EXPECT_EQ(obs[1], sin(0.5F));
  EXPECT_EQ(obs[2], -3);
}

TEST(PendulumRules, ActionsRangeFromTheLeastToTheMostTorque) {
  EXPECT_EQ(Pendulum::action_range(0).low, -2.0F);
  EXPECT_EQ(Pendulum::action_range(0).high, 2.0F);
}

}  // namespace
}  // namespace ppo
