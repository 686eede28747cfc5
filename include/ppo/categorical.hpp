// The policy's distribution over A actions, from its logits.
#pragma once

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

template <int A, class Real>
struct Categorical {
  Real p[A];     // probabilities
  Real logp[A];  // log-probabilities [nat]
};

/// Log-softmax; the largest logit is subtracted first, so that no exponential overflows.
template <int A, class Real>
PPO_HD Categorical<A, Real> categorical(const Real* logits) {
  Real largest = logits[0];
  for (int a = 1; a < A; ++a) largest = max(largest, logits[a]);
  Categorical<A, Real> policy;
  Real sum = Real(0);
  for (int a = 0; a < A; ++a) {
    policy.logp[a] = logits[a] - largest;
    policy.p[a] = exp(policy.logp[a]);
    sum += policy.p[a];
  }
  const Real log_sum = log(sum);
  const Real scale = Real(1) / sum;
  for (int a = 0; a < A; ++a) {
    policy.logp[a] -= log_sum;
    policy.p[a] *= scale;
  }
  return policy;
}

/// The first action whose cumulative probability exceeds `uniform` in [0, 1). `uniform` is scaled by the sum
/// as rounded, so that an action of probability 0 is never chosen. Action is int, or Real as in Sample.
template <class Action = int, int A, class Real>
PPO_HD Action sample(const Categorical<A, Real>& policy, Real uniform) {
  Real sum = policy.p[0];
  for (int a = 1; a < A; ++a) sum += policy.p[a];
  const Real share = uniform * sum;
  Real cumulative = Real(0);
  Action action(0);
  for (int a = 0; a < A - 1; ++a) {
    cumulative += policy.p[a];
    action = select(share >= cumulative, Action(a + 1), action);
  }
  return action;
}

/// The most probable action; the first one on a tie. Action is as in `sample`.
template <class Action = int, int A, class Real>
PPO_HD Action mode(const Categorical<A, Real>& policy) {
  Action best(0);
  Real highest = policy.logp[0];
  for (int a = 1; a < A; ++a) {
    best = select(policy.logp[a] > highest, Action(a), best);
    highest = max(highest, policy.logp[a]);
  }
  return best;
}

/// Log-probability of `action` [nat]. Uses select instead of indexing: an array indexed at run time would
/// not stay in a GPU's registers.
template <int A, class Real, class Action>
PPO_HD Real log_prob(const Categorical<A, Real>& policy, Action action) {
  Real logp = policy.logp[0];
  for (int a = 1; a < A; ++a) logp = select(action == Action(a), policy.logp[a], logp);
  return logp;
}

/// -sum_a p log p [nat].
template <int A, class Real>
PPO_HD Real entropy(const Categorical<A, Real>& policy) {
  Real sum = Real(0);
  for (int a = 0; a < A; ++a) sum = fma(-policy.p[a], policy.logp[a], sum);
  return sum;
}

}  // namespace ppo
