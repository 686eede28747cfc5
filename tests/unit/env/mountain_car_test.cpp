// The rules of both mountain cars: where an episode ends, how it begins, what the wall does.
#include "ppo/env/mountain_car.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "ppo/env/angle.hpp"
#include "ppo/env/mountain_car_continuous.hpp"
#include "unit/env/resets.hpp"

namespace ppo {
namespace {

static_assert(DrawsItself<MountainCar> && DrawsItself<MountainCarContinuous>);

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Transition<> step(MountainCar::State& state, int action) {
  Draws unused({}, Purpose::environment);
  return MountainCar::step(state, action, unused);
}

Transition<> push(MountainCarContinuous::State& state, float force) {
  Draws unused({}, Purpose::environment);
  return MountainCarContinuous::step(state, &force, unused);
}

/// A state from which a step without a push ends at about that place and speed.
template <class State>
State before(float position, float velocity) {
  const float start = position - velocity;
  return {start, velocity + 0.0025F * cos(3 * start)};
}

TEST(MountainCarRules, EndsAtItsGoalUnlessRollingBack) {
  for (const auto& [position, velocity, ends] : {std::tuple{0.501F, 0.03F, true},
                                                 {0.499F, 0.03F, false},
                                                 {0.501F, -0.01F, false},
                                                 {0.501F, 1e-4F, true}}) {
    auto state = before<MountainCar::State>(position, velocity);
    const Transition<> transition = step(state, 1);
    EXPECT_NEAR(state.position, position, 1e-6F);
    EXPECT_EQ(transition.terminated, ends) << position << ' ' << velocity;
    EXPECT_EQ(transition.reward, -1.0F);  // also for the last step
  }
}

TEST(MountainCarContinuousRules, EndsAtItsGoalWithAPrize) {
  for (const auto& [position, velocity, ends] :
       {std::tuple{0.451F, 0.03F, true}, {0.449F, 0.03F, false}, {0.451F, -0.01F, false}}) {
    auto state = before<MountainCarContinuous::State>(position, velocity);
    const Transition<> transition = push(state, 0);
    EXPECT_EQ(transition.terminated, ends) << position << ' ' << velocity;
    EXPECT_EQ(transition.reward, ends ? 100.0F : 0.0F);
  }
}

TEST(MountainCarContinuousRules, AForceCostsItsSquareAndIsLimited) {
  MountainCarContinuous::State full{-0.5F, 0}, beyond{-0.5F, 0}, back{-0.5F, 0}, none{-0.5F, 0};
  EXPECT_EQ(push(full, 1.0F).reward, -0.1F);
  EXPECT_NEAR(push(beyond, 3.0F).reward, -0.9F, 1e-7F);  // the cost is that of the action as it was given
  EXPECT_EQ(push(back, -1.0F).reward, -0.1F);
  EXPECT_EQ(push(none, 0).reward, 0);
  EXPECT_EQ(full.velocity, beyond.velocity);
  EXPECT_NEAR(full.velocity - none.velocity, 0.0015F, 1e-8F);
  EXPECT_NEAR(back.velocity - none.velocity, -0.0015F, 1e-8F);
  EXPECT_EQ(MountainCarContinuous::action_range(0).low, -1.0F);
  EXPECT_EQ(MountainCarContinuous::action_range(0).high, 1.0F);
}

TEST(MountainCarRules, PushesAreAThousandth) {
  MountainCar::State left{-0.5F, 0}, none{-0.5F, 0}, right{-0.5F, 0};
  step(left, 0);
  step(none, 1);
  step(right, 2);
  EXPECT_NEAR(none.velocity - left.velocity, 0.001F, 1e-8F);
  EXPECT_NEAR(right.velocity - none.velocity, 0.001F, 1e-8F);
}

template <class Env>
class MountainCars : public ::testing::Test {};
using Both = ::testing::Types<MountainCar, MountainCarContinuous>;
TYPED_TEST_SUITE(MountainCars, Both);

/// A full push to the left (-1) or right (1), or none (0).
template <class Env>
Transition<> drive(typename Env::State& state, int way) {
  if constexpr (std::is_same_v<Env, MountainCar>) {
    return step(state, 1 + way);
  } else {
    return push(state, static_cast<float>(way));
  }
}

TYPED_TEST(MountainCars, TheWallStopsTheCarAndLetsItGo) {
  typename TypeParam::State state{-1.19F, -0.05F};
  drive<TypeParam>(state, -1);
  EXPECT_EQ(state.position, TypeParam::kMinPosition);
  EXPECT_EQ(state.velocity, 0);
  drive<TypeParam>(state, 1);
  EXPECT_GT(state.position, TypeParam::kMinPosition);
  EXPECT_GT(state.velocity, 0);
}

TYPED_TEST(MountainCars, TheRightEndStopsTheCarButNotItsSpeed) {
  typename TypeParam::State state{0.59F, 0.07F};
  EXPECT_TRUE(drive<TypeParam>(state, 1).terminated);
  EXPECT_EQ(state.position, TypeParam::kMaxPosition);
  EXPECT_GT(state.velocity, 0.06F);
}

TYPED_TEST(MountainCars, SpeedIsBoundBothWays) {
  typename TypeParam::State right{-0.9F, 0.07F}, left{-0.2F, -0.07F};
  drive<TypeParam>(right, 1);
  drive<TypeParam>(left, -1);
  EXPECT_EQ(right.velocity, TypeParam::kMaxSpeed);
  EXPECT_EQ(left.velocity, -TypeParam::kMaxSpeed);
}

TYPED_TEST(MountainCars, AStateThatIsNotANumberDoesNotEnd) {
  for (const auto& [position, velocity] :
       {std::pair{kNaN, 0.0F}, {-0.5F, kNaN}, {kInfinity, 0.0F}, {-3e38F, 0.0F}}) {
    typename TypeParam::State state{position, velocity};
    EXPECT_FALSE(drive<TypeParam>(state, 1).terminated);
    EXPECT_TRUE(std::isnan(state.velocity));
    EXPECT_TRUE(std::isnan(state.position));
  }
}

TYPED_TEST(MountainCars, ResetIsAtRestNearTheBottom) {
  testing::expect_uniform_resets<TypeParam>({{-0.6, -0.4}, {0, 0}});
}

TYPED_TEST(MountainCars, RestsAtTheBottomAndCannotClimbStraight) {
  typename TypeParam::State state{-kPi<float> / 6, 0};
  for (int i = 0; i < 100; ++i) drive<TypeParam>(state, 0);
  EXPECT_NEAR(state.position, -kPi<float> / 6, 1e-6F);
  for (int i = 0; i < 200; ++i) ASSERT_FALSE(drive<TypeParam>(state, 1).terminated);
}

TYPED_TEST(MountainCars, ClimbsBySwinging) {
  typename TypeParam::State state{-0.5F, 0};
  int steps = 1;
  while (!drive<TypeParam>(state, state.velocity < 0 ? -1 : 1).terminated && steps < 200) ++steps;
  EXPECT_LT(steps, 150);
}

TYPED_TEST(MountainCars, ObservationIsTheState) {
  float obs[2];
  TypeParam::observe({0.25F, -0.03F}, obs);
  EXPECT_EQ(obs[0], 0.25F);
  EXPECT_EQ(obs[1], -0.03F);
}

}  // namespace
}  // namespace ppo
