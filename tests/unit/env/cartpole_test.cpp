// CartPole's rules: where an episode ends, how it begins, what a step gives.
#include "ppo/env/cartpole.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

using State = CartPole::State;

constexpr float kMaxX = 2.4F;
constexpr float kMaxTheta = 0.20943951F;  // 12 degrees

Transition<> step(State& state, int action) {
  Draws draws({}, Purpose::environment);
  return CartPole::step(state, action, draws);
}

bool ends_at(float x, float theta) {
  State state{x, 0, theta, 0};  // at rest: one Euler step moves neither
  return step(state, 0).terminated;
}

TEST(CartPoleRules, EndsBeyondTheTrackAndNotAtItsEnd) {
  const float beyond = std::nextafter(kMaxX, 3.0F);
  EXPECT_FALSE(ends_at(kMaxX, 0));
  EXPECT_FALSE(ends_at(-kMaxX, 0));
  EXPECT_TRUE(ends_at(beyond, 0));
  EXPECT_TRUE(ends_at(-beyond, 0));
}

TEST(CartPoleRules, EndsBeyondTwelveDegreesAndNotAtThem) {
  const float beyond = std::nextafter(kMaxTheta, 1.0F);
  EXPECT_FALSE(ends_at(0, kMaxTheta));
  EXPECT_FALSE(ends_at(0, -kMaxTheta));
  EXPECT_TRUE(ends_at(0, beyond));
  EXPECT_TRUE(ends_at(0, -beyond));
}

TEST(CartPoleRules, TheStateAfterTheStepDecides) {
  State leaving{2.39F, 1.0F, 0, 0};
  EXPECT_TRUE(step(leaving, 0).terminated);
  EXPECT_GT(leaving.x, kMaxX);
  State returning{2.41F, -1.0F, 0, 0};
  EXPECT_FALSE(step(returning, 0).terminated);
}

TEST(CartPoleRules, AStateThatIsNotANumberEnds) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(ends_at(nan, 0));
  EXPECT_TRUE(ends_at(0, nan));
}

TEST(CartPoleRules, EveryStepGivesOneAlsoTheLast) {
  State state{2.39F, 5.0F, 0, 0};
  const Transition<> last = step(state, 1);
  EXPECT_TRUE(last.terminated);
  EXPECT_EQ(last.reward, 1.0F);
  State middle{};
  EXPECT_EQ(step(middle, 1).reward, 1.0F);
}

TEST(CartPoleRules, LeftAndRightAreMirrored) {
  State right{0.5F, -0.2F, 0.1F, 0.7F};
  State left{-0.5F, 0.2F, -0.1F, -0.7F};
  for (int i = 0; i < 20; ++i) {
    step(right, i % 3 == 0 ? 1 : 0);
    step(left, i % 3 == 0 ? 0 : 1);
    ASSERT_EQ(left.x, -right.x);
    ASSERT_EQ(left.x_dot, -right.x_dot);
    ASSERT_EQ(left.theta, -right.theta);
    ASSERT_EQ(left.theta_dot, -right.theta_dot);
  }
}

TEST(CartPoleRules, PushesMoveTheCartTheirWayAndThePoleTheOther) {
  State right{}, left{};
  step(right, 1);
  step(left, 0);
  EXPECT_GT(right.x_dot, 0.15F);
  EXPECT_LT(right.theta_dot, -0.25F);
  EXPECT_LT(left.x_dot, -0.15F);
}

TEST(CartPoleRules, ResetIsUniformWithinFiveHundredths) {
  constexpr std::uint32_t kResets = 1U << 16;
  constexpr int kBins = 20;
  std::vector<std::vector<std::int64_t>> counts(4, std::vector<std::int64_t>(kBins));
  double products[4][4] = {};
  for (std::uint32_t n = 0; n < kResets; ++n) {
    Draws draws({.seed = 8, .environment = n}, Purpose::first_reset);
    const State state = CartPole::reset(draws);
    const float numbers[] = {state.x, state.x_dot, state.theta, state.theta_dot};
    for (std::size_t i = 0; i < 4; ++i) {
      ASSERT_LE(std::abs(numbers[i]), 0.05F);
      const auto bin = static_cast<std::size_t>((static_cast<double>(numbers[i]) + 0.05) / 0.1 * kBins);
      ++counts[i][std::min<std::size_t>(bin, kBins - 1)];
      for (std::size_t j = 0; j < i; ++j)
        products[i][j] += static_cast<double>(numbers[i]) * static_cast<double>(numbers[j]);
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_LT(testing::chi_square(counts[i], static_cast<double>(kResets) / kBins),
              testing::chi_square_limit(kBins - 1));
    // The product of two independent ones has the deviation 0.05^2 / 3.
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_LT(std::abs(products[i][j]), testing::kSigmas * 0.05 * 0.05 / 3 * std::sqrt(kResets));
    }
  }
}

TEST(CartPoleRules, ObservationIsTheState) {
  const State state{1, 2, 3, 4};
  float obs[4];
  CartPole::observe(state, obs);
  EXPECT_EQ(obs[0], 1.0F);
  EXPECT_EQ(obs[1], 2.0F);
  EXPECT_EQ(obs[2], 3.0F);
  EXPECT_EQ(obs[3], 4.0F);
}

}  // namespace
}  // namespace ppo
