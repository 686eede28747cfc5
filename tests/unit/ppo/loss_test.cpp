// The sample loss: its gradient by central differences in double, in every branch of the two clips.
#include "ppo/loss.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ppo {
namespace {

constexpr double kClip = 0.2;
constexpr const float* kNoExtra = nullptr;

enum class Side { low, inside, high };

struct Branch {
  Side ratio;
  bool positive_advantage;
  Side shift;          // of the value from the rollout's
  bool clipped_value;  // whether the clipped squared error is the larger
  bool clip_vloss;
};

template <class Head>
struct Point {
  LossCoefs<double> coefs;
  Sample<double, Head::kNumbers> sample;
  double outputs[Head::kOutputs + Head::kExtra];  // the extra parameters behind them
  double value;

  auto policy_loss() const {
    return ppo::policy_loss<Head>(coefs, sample, static_cast<const double*>(outputs),
                                  outputs + Head::kOutputs);
  }
};

template <class Head>
double total(const Point<Head>& point) {
  auto policy = point.policy_loss();
  const auto value = value_loss(point.coefs, point.sample, point.value);
  return policy.term(kPolicyTerm) + point.coefs.vf_coef * value.term -
         point.coefs.ent_coef * policy.term(kEntropyTerm);
}

double of_side(Side side, double low, double inside, double high) {
  return side == Side::low ? low : side == Side::high ? high : inside;
}

/// A point well inside the branch.
template <class Head>
Point<Head> point_in(const Branch& branch) {
  Point<Head> point{{kClip, 0.03, 0.7, branch.clip_vloss}, {}, {}, 0.4};
  for (int a = 0; a < Head::kOutputs; ++a) point.outputs[a] = 0.9 * a - 0.35 * a * a;
  for (int i = 0; i < Head::kExtra; ++i) point.outputs[Head::kOutputs + i] = 0.3 * i - 0.4;
  const auto policy = Head::policy(static_cast<const double*>(point.outputs), point.outputs + Head::kOutputs);
  double noise[Head::kNoise];
  for (int i = 0; i < Head::kNoise; ++i) noise[i] = 0.99 - 0.6 * i;
  Head::sample(policy, static_cast<const double*>(noise), point.sample.action);
  const double logp = Head::log_prob(policy, static_cast<const double*>(point.sample.action));
  point.sample.logp = logp - std::log(of_side(branch.ratio, 0.6, 1.07, 1.5));
  point.sample.advantage = branch.positive_advantage ? 1.3 : -0.8;
  const double shift = of_side(branch.shift, -0.5, 0.09, 0.5);
  point.sample.value = point.value - shift;
  // Beyond the range the clipped error is the larger when the return lies on the value's side.
  const bool towards = branch.clipped_value == (shift > 0);
  point.sample.ret = point.value + (towards ? 2.0 : -2.0);
  return point;
}

template <class Head>
void expect_gradient(const Branch& branch) {
  Point<Head> point = point_in<Head>(branch);
  auto of_policy = point.policy_loss();
  const auto of_value = value_loss(point.coefs, point.sample, point.value);
  constexpr double kStep = 1e-5;
  const auto difference = [&](double& x) {
    const double kept = x;
    x = kept + kStep;
    const double up = total(point);
    x = kept - kStep;
    const double down = total(point);
    x = kept;
    return (up - down) / (2 * kStep);
  };
  for (int a = 0; a < Head::kOutputs; ++a) {
    EXPECT_NEAR(of_policy.d_outputs[a], difference(point.outputs[a]), 1e-9) << "output " << a;
  }
  for (int i = 0; i < Head::kExtra; ++i) {
    EXPECT_NEAR(of_policy.d_extra()[i], difference(point.outputs[Head::kOutputs + i]), 1e-9) << "extra " << i;
  }
  EXPECT_NEAR(of_value.d_value, difference(point.value), 1e-9);
}

/// The losses and which gradients vanish, worked out by hand from the paper's definitions.
template <class Head>
void expect_terms(const Branch& branch) {
  Point<Head> point = point_in<Head>(branch);
  auto loss = point.policy_loss();
  const auto of_value = value_loss(point.coefs, point.sample, point.value);
  const double ratio = of_side(branch.ratio, 0.6, 1.07, 1.5);
  const double held = of_side(branch.ratio, 0.8, 1.07, 1.2);
  const double advantage = point.sample.advantage;
  EXPECT_NEAR(loss.term(kPolicyTerm), -std::min(ratio * advantage, held * advantage), 1e-12);
  EXPECT_NEAR(loss.term(kApproxKlTerm), ratio - 1 - std::log(ratio), 1e-12);
  EXPECT_EQ(loss.term(kClipFractionTerm), branch.ratio == Side::inside ? 0.0 : 1.0);

  const double error = point.value - point.sample.ret;
  const double held_value = point.sample.value + of_side(branch.shift, -kClip, 0.09, kClip);
  const double held_error = held_value - point.sample.ret;
  const double square = branch.clip_vloss ? std::max(error * error, held_error * held_error) : error * error;
  EXPECT_NEAR(of_value.term, 0.5 * square, 1e-12);
  const bool clipped = branch.clip_vloss && branch.shift != Side::inside && branch.clipped_value;
  EXPECT_EQ(of_value.d_value == 0, clipped);

  // No policy gradient where the ratio left the range in the advantage's direction: only the bonus is left.
  const bool held_back = branch.ratio == (branch.positive_advantage ? Side::high : Side::low);
  point.coefs.ent_coef = 0;
  auto plain = point.policy_loss();
  for (const double d : plain.d_outputs) EXPECT_EQ(d == 0, held_back);
  for (int i = 0; i < Head::kExtra; ++i) EXPECT_EQ(plain.d_extra()[i] == 0, held_back);
}

TEST(Loss, GradientsAndTermsInEveryBranch) {
  for (const Side ratio : {Side::low, Side::inside, Side::high}) {
    for (const bool positive : {false, true}) {
      for (const Side shift : {Side::low, Side::inside, Side::high}) {
        for (const bool clipped_value : {false, true}) {
          for (const bool clip_vloss : {false, true}) {
            const Branch branch{ratio, positive, shift, clipped_value, clip_vloss};
            SCOPED_TRACE(::testing::Message()
                         << "ratio " << static_cast<int>(ratio) << ", positive advantage " << positive
                         << ", shift " << static_cast<int>(shift) << ", clipped value " << clipped_value
                         << ", clip_vloss " << clip_vloss);
            expect_gradient<CategoricalHead<2>>(branch);
            expect_gradient<CategoricalHead<3>>(branch);
            expect_gradient<GaussianHead<1>>(branch);
            expect_gradient<GaussianHead<3>>(branch);
            expect_terms<CategoricalHead<2>>(branch);
            expect_terms<GaussianHead<2>>(branch);
          }
        }
      }
    }
  }
}

// In an update's first minibatch the policy has not moved: a plain policy gradient, whatever the clip.
TEST(Loss, IsThePolicyGradientWhereThePolicyHasNotMoved) {
  const float logits[] = {0.3F, -0.8F};
  const auto policy = categorical<2>(static_cast<const float*>(logits));
  const LossCoefs<float> coefs{0.2F, 0.0F, 0.5F, true};
  for (const float advantage : {1.5F, -1.5F}) {
    const Sample<float> sample{{1}, policy.logp[1], 0.25F, advantage, 1.0F};
    auto loss = policy_loss<CategoricalHead<2>>(coefs, sample, static_cast<const float*>(logits), kNoExtra);
    const auto of_value = value_loss(coefs, sample, 0.25F);
    EXPECT_EQ(loss.term(kPolicyTerm), -advantage);
    EXPECT_EQ(loss.term(kApproxKlTerm), 0.0F);
    EXPECT_EQ(loss.term(kClipFractionTerm), 0.0F);
    EXPECT_EQ(of_value.term, 0.5F * 0.75F * 0.75F);
    EXPECT_EQ(of_value.d_value, 0.5F * -0.75F);
    EXPECT_EQ(loss.d_outputs[0], advantage * policy.p[0]);
    EXPECT_NEAR(loss.d_outputs[1], -advantage * (1 - policy.p[1]), 1e-6);
  }
}

// A policy can only be so certain: the ratio is huge, yet nothing becomes infinite or not a number.
TEST(Loss, SurvivesAVeryCertainPolicy) {
  const float logits[] = {60.0F, -60.0F};
  const LossCoefs<float> coefs{0.2F, 0.01F, 0.5F, true};
  for (const float action : {0.0F, 1.0F}) {
    for (const float advantage : {3.0F, -3.0F}) {
      const Sample<float> sample{{action}, -0.7F, 0.0F, advantage, 1.0F};
      auto loss = policy_loss<CategoricalHead<2>>(coefs, sample, static_cast<const float*>(logits), kNoExtra);
      EXPECT_TRUE(std::isfinite(loss.term(kPolicyTerm)));
      EXPECT_TRUE(std::isfinite(loss.term(kEntropyTerm)));
      EXPECT_TRUE(std::isfinite(loss.term(kApproxKlTerm)));
      EXPECT_TRUE(std::isfinite(loss.d_outputs[0]) && std::isfinite(loss.d_outputs[1]));
    }
  }
}

}  // namespace
}  // namespace ppo
