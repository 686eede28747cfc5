// The sample loss: its gradient by central differences in double, in every branch of the two clips.
#include "ppo/loss.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ppo {
namespace {

constexpr double kClip = 0.2;

enum class Side { low, inside, high };

struct Branch {
  Side ratio;
  bool positive_advantage;
  Side shift;          // of the value from the rollout's
  bool clipped_value;  // whether the clipped squared error is the larger
  bool clip_vloss;
};

template <int A>
struct Point {
  LossCoefs<double> coefs;
  Sample<double> sample;
  double logits[A];
  double value;
};

template <int A>
double total(const Point<A>& point) {
  const auto policy = policy_loss<A>(point.coefs, point.sample, point.logits);
  const auto value = value_loss(point.coefs, point.sample, point.value);
  return policy.terms[kPolicyTerm] + point.coefs.vf_coef * value.term -
         point.coefs.ent_coef * policy.terms[kEntropyTerm];
}

double of_side(Side side, double low, double inside, double high) {
  return side == Side::low ? low : side == Side::high ? high : inside;
}

/// A point well inside the branch.
template <int A>
Point<A> point_in(const Branch& branch) {
  Point<A> point{{kClip, 0.03, 0.7, branch.clip_vloss}, {}, {}, 0.4};
  for (int a = 0; a < A; ++a) point.logits[a] = 0.9 * a - 0.35 * a * a;
  point.sample.action = A - 1;
  const double logp = categorical<A>(static_cast<const double*>(point.logits)).logp[A - 1];
  point.sample.logp = logp - std::log(of_side(branch.ratio, 0.6, 1.07, 1.5));
  point.sample.advantage = branch.positive_advantage ? 1.3 : -0.8;
  const double shift = of_side(branch.shift, -0.5, 0.09, 0.5);
  point.sample.value = point.value - shift;
  // Beyond the range the clipped error is the larger when the return lies on the value's side.
  const bool towards = branch.clipped_value == (shift > 0);
  point.sample.ret = point.value + (towards ? 2.0 : -2.0);
  return point;
}

template <int A>
void expect_gradient(const Branch& branch) {
  const Point<A> point = point_in<A>(branch);
  const auto of_policy = policy_loss<A>(point.coefs, point.sample, point.logits);
  const auto of_value = value_loss(point.coefs, point.sample, point.value);
  constexpr double kStep = 1e-5;
  const auto difference = [&](double Point<A>::*value, double* logit) {
    Point<A> up = point, down = point;
    if (value != nullptr) {
      up.*value += kStep;
      down.*value -= kStep;
    } else {
      up.logits[logit - point.logits] += kStep;
      down.logits[logit - point.logits] -= kStep;
    }
    return (total(up) - total(down)) / (2 * kStep);
  };
  for (int a = 0; a < A; ++a) {
    EXPECT_NEAR(of_policy.d_logits[a], difference(nullptr, const_cast<double*>(point.logits) + a), 1e-9)
        << "logit " << a;
  }
  EXPECT_NEAR(of_value.d_value, difference(&Point<A>::value, nullptr), 1e-9);
}

/// The losses and which gradients vanish, worked out by hand from the paper's definitions.
void expect_terms(const Branch& branch) {
  const Point<2> point = point_in<2>(branch);
  const auto loss = policy_loss<2>(point.coefs, point.sample, point.logits);
  const auto of_value = value_loss(point.coefs, point.sample, point.value);
  const double ratio = of_side(branch.ratio, 0.6, 1.07, 1.5);
  const double held = of_side(branch.ratio, 0.8, 1.07, 1.2);
  const double advantage = point.sample.advantage;
  EXPECT_NEAR(loss.terms[kPolicyTerm], -std::min(ratio * advantage, held * advantage), 1e-12);
  EXPECT_NEAR(loss.terms[kApproxKlTerm], ratio - 1 - std::log(ratio), 1e-12);
  EXPECT_EQ(loss.terms[kClipFractionTerm], branch.ratio == Side::inside ? 0.0 : 1.0);

  const double error = point.value - point.sample.ret;
  const double held_value = point.sample.value + of_side(branch.shift, -kClip, 0.09, kClip);
  const double held_error = held_value - point.sample.ret;
  const double square = branch.clip_vloss ? std::max(error * error, held_error * held_error) : error * error;
  EXPECT_NEAR(of_value.term, 0.5 * square, 1e-12);
  const bool clipped = branch.clip_vloss && branch.shift != Side::inside && branch.clipped_value;
  EXPECT_EQ(of_value.d_value == 0, clipped);

  // No policy gradient where the ratio left the range in the advantage's direction: only the bonus is left.
  const bool held_back = branch.ratio == (branch.positive_advantage ? Side::high : Side::low);
  LossCoefs<double> no_bonus = point.coefs;
  no_bonus.ent_coef = 0;
  const auto plain = policy_loss<2>(no_bonus, point.sample, point.logits);
  EXPECT_EQ(plain.d_logits[0] == 0 && plain.d_logits[1] == 0, held_back);
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
            expect_gradient<2>(branch);
            expect_gradient<3>(branch);
            expect_terms(branch);
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
    const Sample<float> sample{1, policy.logp[1], 0.25F, advantage, 1.0F};
    const auto loss = policy_loss<2>(coefs, sample, static_cast<const float*>(logits));
    const auto of_value = value_loss(coefs, sample, 0.25F);
    EXPECT_EQ(loss.terms[kPolicyTerm], -advantage);
    EXPECT_EQ(loss.terms[kApproxKlTerm], 0.0F);
    EXPECT_EQ(loss.terms[kClipFractionTerm], 0.0F);
    EXPECT_EQ(of_value.term, 0.5F * 0.75F * 0.75F);
    EXPECT_EQ(of_value.d_value, 0.5F * -0.75F);
    EXPECT_EQ(loss.d_logits[0], advantage * policy.p[0]);
    EXPECT_NEAR(loss.d_logits[1], -advantage * (1 - policy.p[1]), 1e-6);
  }
}

// A policy can only be so certain: the ratio is huge, yet nothing becomes infinite or not a number.
TEST(Loss, SurvivesAVeryCertainPolicy) {
  const float logits[] = {60.0F, -60.0F};
  const LossCoefs<float> coefs{0.2F, 0.01F, 0.5F, true};
  for (const int action : {0, 1}) {
    for (const float advantage : {3.0F, -3.0F}) {
      const Sample<float> sample{action, -0.7F, 0.0F, advantage, 1.0F};
      const auto loss = policy_loss<2>(coefs, sample, static_cast<const float*>(logits));
      EXPECT_TRUE(std::isfinite(loss.terms[kPolicyTerm]));
      EXPECT_TRUE(std::isfinite(loss.terms[kEntropyTerm]));
      EXPECT_TRUE(std::isfinite(loss.terms[kApproxKlTerm]));
      EXPECT_TRUE(std::isfinite(loss.d_logits[0]) && std::isfinite(loss.d_logits[1]));
    }
  }
}

}  // namespace
}  // namespace ppo
