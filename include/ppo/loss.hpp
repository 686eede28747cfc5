// PPO's clipped loss of one sample and its gradient at the networks' outputs (Schulman et al. 2017).
#pragma once

#include "ppo/numerics.hpp"
#include "ppo/policy_head.hpp"

namespace ppo {

/// loss = policy + vf_coef * value - ent_coef * entropy.
template <class Real>
struct LossCoefs {
  Real clip_coef;
  Real ent_coef;
  Real vf_coef;
  bool clip_vloss;
};

/// One step as the rollout recorded it.
template <class Real, int Numbers = 1>
struct Sample {
  Real action[Numbers];
  Real logp;       // of that action, under the policy that took it [nat]
  Real value;      // the critic's estimate at that time [reward]
  Real advantage;  // as it enters the loss: normalised, if norm_adv
  Real ret;        // GAE return = advantage before normalisation + value [reward]
};

/// What is summed over the samples of a minibatch besides the gradient; the policy's terms come first.
enum LossTerm {
  kPolicyTerm,
  kEntropyTerm,
  kApproxKlTerm,      // (ratio - 1) - log ratio >= 0 (Schulman 2020, "Approximating KL divergence")
  kClipFractionTerm,  // 1 where |ratio - 1| > clip_coef
  kPolicyTerms,
  kValueTerm = kPolicyTerms,  // with its factor 0.5
  kLossTerms
};

/// The actor's part of the loss. Its terms follow the gradient of the extra parameters, as in GradientSums.
template <class Head, class Real>
struct PolicyLoss {
  Real d_outputs[Head::kOutputs];
  Real sums[Head::kExtra + kPolicyTerms];

  PPO_HD Real* d_extra() { return sums; }
  PPO_HD Real& term(LossTerm term) { return sums[Head::kExtra + term]; }
};

/// The critic's part of the loss.
template <class Real>
struct ValueLoss {
  Real term;
  Real d_value;
};

/// -min(ratio * advantage, clip(ratio) * advantage) - ent_coef * entropy, given the actor's outputs and the
/// extra parameters. Where the clipped branch wins outside the range, no gradient flows.
template <class Head, class Real, class Param>
PPO_HD PolicyLoss<Head, Real> policy_loss(const LossCoefs<Real>& coefs,
                                          const Sample<Real, Head::kNumbers>& sample, const Real* outputs,
                                          const Param* extra) {
  PolicyLoss<Head, Real> loss;
  const Real zero(0);
  const Real one(1);
  const auto policy = Head::policy(outputs, extra);
  const Real log_ratio = Head::log_prob(policy, static_cast<const Real*>(sample.action)) - sample.logp;
  const Real ratio = exp(log_ratio);
  const Real unclipped = ratio * sample.advantage;
  const Real clipped = clamp(ratio, one - coefs.clip_coef, one + coefs.clip_coef) * sample.advantage;
  loss.term(kPolicyTerm) = -min(unclipped, clipped);
  const Real entropy = Head::entropy(policy);
  loss.term(kEntropyTerm) = entropy;
  loss.term(kApproxKlTerm) = (ratio - one) - log_ratio;
  loss.term(kClipFractionTerm) = select(abs(ratio - one) > coefs.clip_coef, one, zero);

  const Real d_logp = select(unclipped <= clipped, -unclipped, zero);  // d ratio / d logp = ratio
  Head::gradient(policy, static_cast<const Real*>(sample.action), d_logp, coefs.ent_coef, entropy,
                 loss.d_outputs, loss.d_extra());
  return loss;
}

/// vf_coef * 0.5 * the worse of the plain and the clipped squared error of `value`.
template <class Real, int Numbers>
PPO_HD ValueLoss<Real> value_loss(const LossCoefs<Real>& coefs, const Sample<Real, Numbers>& sample,
                                  Real value) {
  const Real zero(0);
  const Real one(1);
  const Real error = value - sample.ret;
  const Real shift = value - sample.value;
  const Real clipped_value = sample.value + clamp(shift, -coefs.clip_coef, coefs.clip_coef);
  const Real clipped_error = coefs.clip_vloss ? clipped_value - sample.ret : error;
  const auto clipped_wins = clipped_error * clipped_error > error * error;
  const Real winning_error = select(clipped_wins, clipped_error, error);
  const Real d_winning = select(abs(shift) > coefs.clip_coef, zero, one);
  return {.term = Real(0.5F) * (winning_error * winning_error),
          .d_value = coefs.vf_coef * winning_error * select(clipped_wins, d_winning, one)};
}

}  // namespace ppo
