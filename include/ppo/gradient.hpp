// The gradient of a minibatch in an order that depends on its size alone.
//
// A leaf is kLeafSize (or, for large minibatches, a multiple of it) consecutive samples of the shuffled
// minibatch: one fma chain from 0 per entry. A group is kGroupLeaves leaves added in order, and the groups
// are added in order. A short last leaf or group is just shorter. Whoever computes which leaf, the sum has
// the same bits.
#pragma once

#include <cstdint>

#include "ppo/gae.hpp"
#include "ppo/loss.hpp"
#include "ppo/network.hpp"
#include "ppo/permutation.hpp"

namespace ppo {

inline constexpr int kLeafSize = 16;
inline constexpr int kGroupLeaves = 8;

/// Samples a group: 128, and doubled with the minibatch beyond 32,768, so that there are never more than 256
/// groups to store and to add.
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

/// What is summed over a minibatch: the gradient of all parameters, and behind it the terms of the loss.
template <class Layout, class Real>
struct GradientSums {
  static constexpr int size = Layout::size + LossTerms<Real>::kCount;
};

/// Adds one sample's loss and gradient to sums [GradientSums::size]: forward, loss, backward of both
/// networks.
template <class Layout, int A, class Real>
PPO_HD void add_sample(const Real* params, const LossCoefs<Real>& coefs, const Real* obs,
                       const Sample<Real>& sample, Real* sums) {
  using Actor = typename Layout::Actor;
  using Critic = typename Layout::Critic;
  Activations<Actor, Real> actor;
  Activations<Critic, Real> critic;
  Real logits[A];
  Real value;
  forward<Actor>(params + Layout::actor, obs, actor, logits);
  forward<Critic>(params + Layout::critic, obs, critic, &value);
  SampleLoss<A, Real> loss = ppo_loss<A>(coefs, sample, logits, value);
  backward<Actor>(params + Layout::actor, obs, actor, loss.d_logits, sums + Layout::actor);
  backward<Critic>(params + Layout::critic, obs, critic, &loss.d_value, sums + Layout::critic);
  Real* terms = sums + Layout::size;
  loss.terms.for_each([&](Real term, int index) { terms[index] += term; });
}

}  // namespace ppo
