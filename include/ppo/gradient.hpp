// The gradient of a minibatch, summed in an order that depends only on the minibatch's size.
//
// A leaf is kLeafSize (or, for large minibatches, a multiple of it) consecutive samples of the shuffled
// minibatch: one fma chain from 0 per entry. A group is kGroupLeaves leaves added in order, and the groups
// are added in order. The last leaf or group may be short. The sum has the same bits no matter which worker
// computes which leaf.
#pragma once

#include <cstdint>

#include "ppo/gae.hpp"
#include "ppo/loss.hpp"
#include "ppo/network.hpp"
#include "ppo/permutation.hpp"

namespace ppo {

inline constexpr int kLeafSize = 16;
inline constexpr int kGroupLeaves = 8;

/// Samples per group: 128, and more for minibatches above 32,768, so that there are never more than 256
/// groups to store and add.
PPO_HD constexpr std::int64_t group_samples(std::int64_t minibatch) {
  const std::int64_t leaves = (minibatch + 32767) / 32768;
  return leaves * kLeafSize * kGroupLeaves;
}

PPO_HD constexpr std::int64_t leaf_samples(std::int64_t minibatch) {
  return group_samples(minibatch) / kGroupLeaves;
}

PPO_HD constexpr std::int64_t group_count(std::int64_t minibatch) {
  return (minibatch + group_samples(minibatch) - 1) / group_samples(minibatch);
}

/// What is summed over a minibatch: the gradient of all parameters, followed by the terms of the loss.
template <class Layout>
struct GradientSums {
  static constexpr int size = Layout::size + kLossTerms;
};

/// Adds one sample's loss and gradient to sums [GradientSums::size]: forward, loss, backward of both
/// networks.
template <class Layout, int A, class Real>
PPO_HD void add_sample(const Real* params, const LossCoefs<Real>& coefs, const Real* obs,
                       const Sample<Real>& sample, Real* sums) {
  using Actor = typename Layout::Actor;
  using Critic = typename Layout::Critic;
  Real* terms = sums + Layout::size;

  Activations<Actor, Real> actor;
  Real logits[A];
  forward<Actor>(params + Layout::actor, obs, actor, logits);
  const PolicyLoss<A, Real> of_policy = policy_loss<A>(coefs, sample, static_cast<const Real*>(logits));
  backward<Actor>(params + Layout::actor, obs, actor, of_policy.d_logits, sums + Layout::actor);
  for (int term = 0; term < kPolicyTerms; ++term) terms[term] += of_policy.terms[term];

  Activations<Critic, Real> critic;
  Real value;
  forward<Critic>(params + Layout::critic, obs, critic, &value);
  const ValueLoss<Real> of_value = value_loss(coefs, sample, value);
  backward<Critic>(params + Layout::critic, obs, critic, &of_value.d_value, sums + Layout::critic);
  terms[kValueTerm] += of_value.term;
}

}  // namespace ppo
