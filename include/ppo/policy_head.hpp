// A policy head turns the actor's outputs into a distribution over actions. The rest of the algorithm knows
// no other difference between kinds of actions.
//
// An action is kNumbers numbers: its index, or the numbers of a Box. Real is float, double, or a number type
// with one sample per SIMD lane; Param is the type of the parameters in memory.
#pragma once

#include <cstdint>

#include "ppo/action.hpp"
#include "ppo/categorical.hpp"
#include "ppo/gaussian.hpp"
#include "ppo/philox.hpp"

namespace ppo {

/// Over a Discrete<A>: the outputs are logits.
template <int A>
struct CategoricalHead {
  static constexpr int kOutputs = A;  // of the actor
  static constexpr int kExtra = 0;    // parameters that belong to no layer
  static constexpr int kNumbers = 1;  // that an action is
  static constexpr int kNoise = 1;    // random numbers that an action takes
  using Stored = std::uint8_t;        // one number of an action in the rollout
  template <class Real>
  using Policy = Categorical<A, Real>;

  template <class Real, class Param>
  PPO_HD static Policy<Real> policy(const Real* outputs, const Param*) {
    return categorical<A>(outputs);
  }

  /// noise [kNoise]
  PPO_HD static void draw_noise(Draws draws, float* noise) { noise[0] = draws.uniform(); }

  template <class Real>
  PPO_HD static void sample(const Policy<Real>& policy, const Real* noise, Real* action) {
    action[0] = ppo::sample<Real>(policy, noise[0]);
  }

  template <class Real>
  PPO_HD static void mode(const Policy<Real>& policy, Real* action) {
    action[0] = ppo::mode<Real>(policy);
  }

  template <class Real>
  PPO_HD static Real log_prob(const Policy<Real>& policy, const Real* action) {
    return ppo::log_prob(policy, action[0]);
  }

  template <class Real>
  PPO_HD static Real entropy(const Policy<Real>& policy) {
    return ppo::entropy(policy);
  }

  /// The gradient of f(log_prob(action)) - ent_coef * entropy, where d_logp = f', by the outputs and by the
  /// extra parameters.
  template <class Real>
  PPO_HD static void gradient(const Policy<Real>& policy, const Real* action, Real d_logp, Real ent_coef,
                              Real entropy, Real* d_outputs, Real*) {
    for (int a = 0; a < A; ++a) {
      const Real chosen = select(action[0] == Real(a), Real(1), Real(0));
      const Real d_bonus = policy.p[a] * (policy.logp[a] + entropy);  // -d entropy / d logit
      d_outputs[a] = fma(d_logp, chosen - policy.p[a], ent_coef * d_bonus);
    }
  }
};

/// Over a Box<D>: the outputs are means, the extra parameters the logs of the standard deviations.
template <int D>
struct GaussianHead {
  static constexpr int kOutputs = D;
  static constexpr int kExtra = D;
  static constexpr int kNumbers = D;
  static constexpr int kNoise = D;
  using Stored = float;
  template <class Real>
  using Policy = Gaussian<D, Real>;

  template <class Real, class Param>
  PPO_HD static Policy<Real> policy(const Real* outputs, const Param* extra) {
    return gaussian<D>(outputs, extra);
  }

  PPO_HD static void draw_noise(Draws draws, float* noise) {
    for (int d = 0; d < D; ++d) noise[d] = draws.normal();
  }

  template <class Real>
  PPO_HD static void sample(const Policy<Real>& policy, const Real* noise, Real* action) {
    ppo::sample(policy, noise, action);
  }

  template <class Real>
  PPO_HD static void mode(const Policy<Real>& policy, Real* action) {
    for (int d = 0; d < D; ++d) action[d] = policy.mean[d];
  }

  template <class Real>
  PPO_HD static Real log_prob(const Policy<Real>& policy, const Real* action) {
    return ppo::log_prob(policy, action);
  }

  template <class Real>
  PPO_HD static Real entropy(const Policy<Real>& policy) {
    return ppo::entropy(policy);
  }

  template <class Real>
  PPO_HD static void gradient(const Policy<Real>& policy, const Real* action, Real d_logp, Real ent_coef,
                              Real, Real* d_outputs, Real* d_extra) {
    for (int d = 0; d < D; ++d) {
      const Real z = standard_score(policy, action, d);
      d_outputs[d] = d_logp * (z * exp(-policy.log_std[d]));
      d_extra[d] = fma(d_logp, fma(z, z, Real(-1)), -ent_coef);
    }
  }
};

namespace detail {
template <int A>
CategoricalHead<A> head_over(Discrete<A>);
template <int D>
GaussianHead<D> head_over(Box<D>);
}  // namespace detail

/// The head for an environment's kind of actions.
template <class Action>
using PolicyHead = decltype(detail::head_over(Action{}));

}  // namespace ppo
