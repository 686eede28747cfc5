// The policy's distribution: probabilities, draws, entropy and mode, at ordinary and at extreme logits.
#include "ppo/categorical.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "ppo/philox.hpp"
#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

constexpr float kLargestUniform = 1 - 0x1p-24F;  // also the largest float below 1

template <int A>
Categorical<A, float> policy_of(const float (&logits)[A]) {
  return categorical<A>(static_cast<const float*>(logits));
}

/// Softmax in double, for comparison.
template <int A>
std::vector<double> softmax(const float (&logits)[A]) {
  double largest = static_cast<double>(logits[0]);
  for (const float logit : logits) largest = std::max(largest, static_cast<double>(logit));
  std::vector<double> p;
  double sum = 0;
  for (const float logit : logits) sum += p.emplace_back(std::exp(static_cast<double>(logit) - largest));
  for (double& entry : p) entry /= sum;
  return p;
}

template <int A>
void expect_frequencies(const float (&logits)[A]) {
  constexpr int kDraws = 1 << 19;
  const Categorical<A, float> policy = policy_of(logits);
  std::vector<std::int64_t> counts(A);
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    const float u = Draws({.seed = 5, .environment = i}, Purpose::action).uniform();
    const int action = sample(policy, u);
    ASSERT_GE(action, 0);
    ASSERT_LT(action, A);
    ++counts[static_cast<std::size_t>(action)];
  }
  std::vector<double> expected = softmax(logits);
  for (double& entry : expected) entry *= kDraws;
  EXPECT_LT(testing::chi_square(counts, expected), testing::chi_square_limit(A - 1));
}

TEST(Categorical, SamplesEachActionAsOftenAsItsProbability) {
  expect_frequencies<2>({0.0F, 0.0F});
  expect_frequencies<2>({-1.5F, 0.7F});
  expect_frequencies<2>({4.0F, -3.0F});
  expect_frequencies<3>({0.1F, -0.4F, 1.2F});
  expect_frequencies<3>({-5.0F, 2.0F, 0.0F});
  expect_frequencies<5>({0.0F, 0.5F, -0.5F, 1.5F, -2.0F});
}

TEST(Categorical, EveryUniformGivesAnAction) {
  const auto even = policy_of<4>({0, 0, 0, 0});
  EXPECT_EQ(sample(even, 0.0F), 0);
  EXPECT_EQ(sample(even, 0.25F), 1);  // the upper end belongs to the next
  EXPECT_EQ(sample(even, 0.5F), 2);
  EXPECT_EQ(sample(even, 0x1.fffffep-2F), 1);
  EXPECT_EQ(sample(even, kLargestUniform), 3);
}

TEST(Categorical, ACertainActionIsAlwaysTaken) {
  const auto first = policy_of<3>({500, 0, 0});
  const auto middle = policy_of<3>({0, 500, 0});
  const auto last = policy_of<3>({0, 0, 500});
  for (const float u : {0.0F, 0.3F, kLargestUniform}) {
    EXPECT_EQ(sample(first, u), 0) << u;
    EXPECT_EQ(sample(middle, u), 1) << u;
    EXPECT_EQ(sample(last, u), 2) << u;
  }
}

// Rounding may leave the sum of the probabilities a little below 1; the gap must not go to an action that
// cannot happen.
TEST(Categorical, AnImpossibleActionIsNeverTaken) {
  for (std::uint32_t i = 0; i < 20000; ++i) {
    Draws draws({.seed = 9, .environment = i}, Purpose::environment);
    float logits[] = {draws.uniform(-2.0F, 2.0F), draws.uniform(-20.0F, 2.0F), draws.uniform(-20.0F, 2.0F)};
    const int impossible = static_cast<int>(i % 3);
    logits[impossible] = -1000;
    const auto policy = policy_of(logits);
    ASSERT_EQ(policy.p[impossible], 0.0F);
    for (const float u : {0.0F, draws.uniform(), kLargestUniform}) {
      ASSERT_NE(sample(policy, u), impossible)
          << "logits " << logits[0] << " " << logits[1] << " " << logits[2];
    }
  }
}

TEST(Categorical, AgreesWithDoublePrecision) {
  for (std::uint32_t i = 0; i < 5000; ++i) {
    Draws draws({.seed = 3, .environment = i}, Purpose::environment);
    const float width = draws.uniform(0.0F, 30.0F);
    float logits[5];
    for (float& logit : logits) logit = draws.uniform(-width, width);
    const auto policy = policy_of(logits);
    const std::vector<double> p = softmax(logits);
    double sum = 0;
    double expected_entropy = 0;
    for (int a = 0; a < 5; ++a) {
      const double want = p[static_cast<std::size_t>(a)];
      const double logp = std::log(want);
      // exp turns the rounding of its argument, of up to 60, into a relative error.
      EXPECT_NEAR(static_cast<double>(policy.p[a]), want, 5e-6 * want);
      EXPECT_NEAR(static_cast<double>(policy.logp[a]), logp, 5e-7 * std::max(1.0, std::abs(logp)));
      EXPECT_EQ(log_prob(policy, a), policy.logp[a]);
      sum += static_cast<double>(policy.p[a]);
      expected_entropy -= want * logp;
    }
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR(static_cast<double>(entropy(policy)), expected_entropy, 2e-6);
  }
}

TEST(Categorical, IsUnchangedWhenAllLogitsMove) {
  const auto here = policy_of<3>({0.5F, -1.0F, 2.0F});
  const auto there = policy_of<3>({1024.5F, 1023.0F, 1026.0F});
  for (int a = 0; a < 3; ++a) EXPECT_EQ(here.logp[a], there.logp[a]);
}

TEST(Categorical, ExtremeLogitsStayFinite) {
  const float kCases[][3] = {
      {1e4F, -1e4F, 0}, {-1e30F, 1e30F, 0}, {88, 89, 90}, {-104, 0, -200}, {1e-40F, 0, 0}};
  for (const auto& logits : kCases) {
    const auto policy = policy_of(logits);
    for (int a = 0; a < 3; ++a) {
      EXPECT_TRUE(std::isfinite(policy.logp[a]));
      EXPECT_LE(policy.logp[a], 0.0F);
      EXPECT_GE(policy.p[a], 0.0F);
      EXPECT_LE(policy.p[a], 1.0F);
    }
    EXPECT_GE(entropy(policy), 0.0F);
    EXPECT_LE(entropy(policy), 1.0986124F);
  }
}

TEST(Categorical, EntropyOfEvenAndCertainPolicies) {
  EXPECT_NEAR(static_cast<double>(entropy(policy_of<2>({3, 3}))), std::log(2.0), 1e-7);
  EXPECT_NEAR(static_cast<double>(entropy(policy_of<5>({0, 0, 0, 0, 0}))), std::log(5.0), 3e-7);
  EXPECT_EQ(entropy(policy_of<2>({0, 1000})), 0.0F);
}

TEST(Categorical, ModeIsTheFirstOfTheMostProbable) {
  EXPECT_EQ(mode(policy_of<3>({1, 3, 2})), 1);
  EXPECT_EQ(mode(policy_of<3>({1, 2, 3})), 2);
  EXPECT_EQ(mode(policy_of<3>({5, 5, 5})), 0);
  EXPECT_EQ(mode(policy_of<3>({-9, 4, 4})), 1);
}

}  // namespace
}  // namespace ppo
