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

/// No minibatch has more groups to store and add.
inline constexpr int kMostGroups = 256;

/// Samples per group: 128, and more for minibatches above 32,768.
PPO_HD constexpr std::int64_t group_samples(std::int64_t minibatch) {
  constexpr std::int64_t kMostOfSmallest = kMostGroups * kLeafSize * kGroupLeaves;
  const std::int64_t leaves = (minibatch + kMostOfSmallest - 1) / kMostOfSmallest;
  return leaves * kLeafSize * kGroupLeaves;
}

PPO_HD constexpr std::int64_t leaf_samples(std::int64_t minibatch) {
  return group_samples(minibatch) / kGroupLeaves;
}

PPO_HD constexpr std::int64_t group_count(std::int64_t minibatch) {
  return (minibatch + group_samples(minibatch) - 1) / group_samples(minibatch);
}

/// How many numbers are summed over a minibatch: the gradient of all parameters, followed by the terms of the
/// loss.
PPO_HD constexpr int sums_size(const Layout& layout) {
  return layout.size() + kLossTerms;
}

/// Adds one sample's loss and gradient to sums [sums_size]: forward, loss, backward of both networks.
template <class Head, class Real>
PPO_HD void add_sample(const Layout& layout, Activation activation, const Real* params,
                       const LossCoefs<Real>& coefs, const Real* obs,
                       const Sample<Real, Head::kNumbers>& sample, Real* sums) {
  Activations<Real> kept;
  Real outputs[Head::kOutputs];
  const Real* actor = params + layout.actor_begin();
  forward(layout.actor(), activation, actor, obs, kept, outputs);
  const PolicyLoss<Head, Real> of_policy =
      policy_loss<Head>(coefs, sample, static_cast<const Real*>(outputs), params + layout.extra_begin());
  backward(layout.actor(), activation, actor, obs, kept, of_policy.d_outputs, sums + layout.actor_begin());
  for (int i = 0; i < Head::kExtra + kPolicyTerms; ++i) sums[layout.extra_begin() + i] += of_policy.sums[i];

  Real value;
  const Real* critic = params + layout.critic_begin();
  forward(layout.critic(), activation, critic, obs, kept, &value);
  const ValueLoss<Real> of_value = value_loss(coefs, sample, value);
  backward(layout.critic(), activation, critic, obs, kept, &of_value.d_value, sums + layout.critic_begin());
  sums[layout.size() + kValueTerm] += of_value.term;
}

}  // namespace ppo
