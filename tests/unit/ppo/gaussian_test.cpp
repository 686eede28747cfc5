// The policy over real numbers: density, entropy and draws, against closed forms and known answers.
#include "ppo/gaussian.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ppo/policy_head.hpp"
#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

constexpr double kLogTwo = 0.69314718055994530942;

template <int D, class Real>
Gaussian<D, Real> policy_of(const Real (&mean)[D], const Real (&log_std)[D]) {
  return gaussian<D>(static_cast<const Real*>(mean), static_cast<const Real*>(log_std));
}

template <int D, class Real>
Real log_prob_of(const Gaussian<D, Real>& policy, const std::type_identity_t<Real> (&action)[D]) {
  return log_prob(policy, static_cast<const Real*>(action));
}

TEST(Gaussian, KnownLogProbabilities) {
  EXPECT_DOUBLE_EQ(log_prob_of(policy_of<1, double>({0}, {0}), {0.0}), -0.91893853320467274178);
  EXPECT_DOUBLE_EQ(log_prob_of(policy_of<1, double>({0}, {0}), {1.0}), -1.41893853320467274178);
  EXPECT_DOUBLE_EQ(log_prob_of(policy_of<1, double>({0.5}, {kLogTwo}), {-1.5}), -2.11208571376461805120);
  // log(phi(0) phi(2) / 4): the second number has the deviation 1/4, twice which it is away.
  EXPECT_DOUBLE_EQ(log_prob_of(policy_of<2, double>({0, 3}, {4 * kLogTwo, -2 * kLogTwo}), {0.0, 2.5}),
                   -2 * 0.91893853320467274178 - 2 - 2 * kLogTwo);
}

TEST(Gaussian, KnownEntropies) {
  EXPECT_DOUBLE_EQ(entropy(policy_of<1, double>({7}, {0})), 1.41893853320467274178);
  EXPECT_DOUBLE_EQ(entropy(policy_of<2, double>({7, 1}, {kLogTwo, -3 * kLogTwo})),
                   2 * 1.41893853320467274178 - 2 * kLogTwo);
}

/// The sum of f(x) exp(log_prob(x)) dx over 12 deviations either way: exact but for 1e-15.
template <class F>
double expectation(const Gaussian<1, double>& policy, F f) {
  const double std = std::exp(policy.log_std[0]);
  double sum = 0;
  for (int i = -1200; i <= 1200; ++i) {
    const double action[] = {policy.mean[0] + 0.01 * i * std};
    const double logp = log_prob_of(policy, action);
    sum += f(action[0], logp) * std::exp(logp) * 0.01 * std;
  }
  return sum;
}

TEST(Gaussian, IsADensityOfThatMeanVarianceAndEntropy) {
  for (const double log_std : {-2.0, 0.0, 1.5}) {
    const auto policy = policy_of<1, double>({-0.7}, {log_std});
    const double variance = std::exp(2 * log_std);
    EXPECT_NEAR(expectation(policy, [](double, double) { return 1.0; }), 1, 1e-13);
    EXPECT_NEAR(expectation(policy, [](double x, double) { return x; }), -0.7, 1e-13);
    EXPECT_NEAR(expectation(policy, [](double x, double) { return (x + 0.7) * (x + 0.7); }), variance,
                1e-13 * std::max(1.0, variance));
    EXPECT_NEAR(expectation(policy, [](double, double logp) { return -logp; }), entropy(policy), 1e-12);
  }
}

// Of each term the score is off by 2.5 ulps, so that its square is by 5, and two sums follow.
TEST(Gaussian, FloatAgreesWithDouble) {
  for (std::uint32_t i = 0; i < 5000; ++i) {
    Draws draws({.seed = 3, .environment = i}, Purpose::environment);
    float mean[3], log_std[3], noise[3], action[3];
    for (int d = 0; d < 3; ++d) {
      mean[d] = draws.uniform(-3.0F, 3.0F);
      log_std[d] = draws.uniform(-4.0F, 2.0F);
      noise[d] = draws.normal();
    }
    const auto policy = policy_of(mean, log_std);
    sample(policy, static_cast<const float*>(noise), static_cast<float*>(action));
    double logp = 0, want_entropy = 0, size = 0;
    for (int d = 0; d < 3; ++d) {
      const auto wide = [](float x) { return static_cast<double>(x); };
      const double std = std::exp(wide(log_std[d]));
      const double z = (wide(action[d]) - wide(mean[d])) / std;
      logp += -0.5 * z * z - wide(log_std[d]) - 0.91893853320467274178;
      want_entropy += wide(log_std[d]) + 1.41893853320467274178;
      size += z * z + std::abs(wide(log_std[d])) + 2;
    }
    EXPECT_NEAR(static_cast<double>(log_prob_of(policy, action)), logp, 5 * 0x1p-24 * size);
    EXPECT_NEAR(static_cast<double>(entropy(policy)), want_entropy, 5 * 0x1p-24 * size);
  }
}

// The order of the sums over d is part of the bit contract.
TEST(Gaussian, SumsOverTheNumbersInOrderFromPlusZero) {
  int order_matters = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    Draws draws({.seed = 4, .environment = i}, Purpose::environment);
    constexpr int D = 5;
    float mean[D], log_std[D], action[D], term[D];
    for (int d = 0; d < D; ++d) {
      mean[d] = draws.uniform(-1.0F, 1.0F);
      log_std[d] = draws.uniform(-3.0F, 2.0F);
      action[d] = mean[d] + draws.uniform(-2.0F, 2.0F);
      const float z = (action[d] - mean[d]) * exp(-log_std[d]);
      term[d] = std::fma(-0.5F * z, z, -(log_std[d] + 0.91893853F));
    }
    float logp = 0, reversed = 0, want_entropy = 0;
    for (int d = 0; d < D; ++d) {
      logp += term[d];
      reversed += term[D - 1 - d];
      want_entropy += log_std[d] + 1.4189385F;
    }
    const auto policy = policy_of(mean, log_std);
    ASSERT_EQ(bits(log_prob_of(policy, action)), bits(logp));
    ASSERT_EQ(bits(entropy(policy)), bits(want_entropy));
    order_matters += logp != reversed ? 1 : 0;
  }
  EXPECT_GT(order_matters, 100);
  // A lone term of -0.
  EXPECT_EQ(bits(log_prob_of(policy_of<1, float>({2}, {-0.91893853F}), {2.0F})), bits(0.0F));
}

TEST(Gaussian, ASampleIsTheMeanAndTheNoiseTimesTheDeviation) {
  const float mean[] = {0.1F, -2.0F};
  const float log_std[] = {-1.25F, 0.5F};
  const float noise[] = {0.7F, -1.9F};
  float action[2];
  sample(policy_of(mean, log_std), static_cast<const float*>(noise), static_cast<float*>(action));
  for (int d = 0; d < 2; ++d) EXPECT_EQ(action[d], std::fma(exp(log_std[d]), noise[d], mean[d]));
  GaussianHead<2>::mode(policy_of(mean, log_std), action);
  for (int d = 0; d < 2; ++d) EXPECT_EQ(action[d], mean[d]);
}

/// The largest distance of the numbers' distribution from the normal one, times the root of their count.
double kolmogorov_smirnov(std::vector<double> scores) {
  std::sort(scores.begin(), scores.end());
  const auto count = static_cast<double>(scores.size());
  double worst = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double below = 0.5 * std::erfc(-scores[i] / std::sqrt(2.0));
    worst =
        std::max({worst, below - static_cast<double>(i) / count, static_cast<double>(i + 1) / count - below});
  }
  return worst * std::sqrt(count);
}

/// By number, the scores of many draws, each with a key of its own as in a rollout.
std::vector<std::vector<double>> drawn_scores(const Gaussian<3, float>& policy) {
  std::vector<std::vector<double>> scores(3);
  for (std::uint32_t t = 0; t < 512; ++t) {
    for (std::uint32_t n = 0; n < 512; ++n) {
      float noise[3];
      float action[3];
      GaussianHead<3>::draw_noise(Draws({.seed = 8, .step = t, .environment = n}, Purpose::action), noise);
      GaussianHead<3>::sample(policy, static_cast<const float*>(noise), action);
      for (int d = 0; d < 3; ++d) {
        const double std = std::exp(static_cast<double>(policy.log_std[d]));
        scores[static_cast<std::size_t>(d)].push_back(static_cast<double>(action[d] - policy.mean[d]) / std);
      }
    }
  }
  return scores;
}

// Standard errors of n scores: mean sqrt(1/n), mean square sqrt(2/n), mean product of two sqrt(1/n).
TEST(Gaussian, DrawsAreNormalAndIndependent) {
  const auto scores = drawn_scores(policy_of<3, float>({0.5F, -4.0F, 0.0F}, {-2.0F, 1.0F, 0.0F}));
  const auto count = static_cast<double>(scores[0].size());
  const auto mean_product = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = 0; i < scores[a].size(); ++i) sum += scores[a][i] * scores[b][i];
    return sum / count;
  };
  for (std::size_t d = 0; d < 3; ++d) {
    double mean = 0;
    for (const double z : scores[d]) mean += z / count;
    EXPECT_NEAR(mean, 0, testing::kSigmas / std::sqrt(count));
    EXPECT_NEAR(mean_product(d, d), 1, testing::kSigmas * std::sqrt(2 / count));
    EXPECT_NEAR(mean_product(d, (d + 1) % 3), 0, testing::kSigmas / std::sqrt(count));
    EXPECT_LT(kolmogorov_smirnov(scores[d]), 2.74);  // probability 6e-7 (Kolmogorov's distribution)
  }
}

}  // namespace
}  // namespace ppo
