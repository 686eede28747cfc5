// The policy's distribution over D real numbers: a normal distribution for each, independent of the others.
#pragma once

#include <type_traits>

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

inline constexpr double kHalfLogTwoPi = 0.91893853320467274178;  // log(2 pi) / 2

namespace detail {
/// A constant in the precision of Real.
template <class Real>
PPO_HD constexpr Real constant(double value) {
  if constexpr (std::is_same_v<Real, double>) return value;
  return Real(static_cast<float>(value));
}
}  // namespace detail

template <int D, class Real>
struct Gaussian {
  Real mean[D];
  Real log_std[D];
};

/// mean [D] is the actor's output; log_std [D] are parameters of their own, equal in every state.
template <int D, class Real, class Param>
PPO_HD Gaussian<D, Real> gaussian(const Real* mean, const Param* log_std) {
  Gaussian<D, Real> policy;
  for (int d = 0; d < D; ++d) {
    policy.mean[d] = mean[d];
    policy.log_std[d] = Real(log_std[d]);
  }
  return policy;
}

/// action [D] = mean + std * normal; `normals` [D] are standard normal.
template <int D, class Real>
PPO_HD void sample(const Gaussian<D, Real>& policy, const Real* normals, Real* action) {
  for (int d = 0; d < D; ++d) action[d] = fma(exp(policy.log_std[d]), normals[d], policy.mean[d]);
}

/// (action - mean) / std of number d.
template <int D, class Real>
PPO_HD Real standard_score(const Gaussian<D, Real>& policy, const Real* action, int d) {
  return (action[d] - policy.mean[d]) * exp(-policy.log_std[d]);
}

/// Log-density of `action` [D] [nat].
template <int D, class Real>
PPO_HD Real log_prob(const Gaussian<D, Real>& policy, const Real* action) {
  Real sum(0);
  for (int d = 0; d < D; ++d) {
    const Real z = standard_score(policy, action, d);
    sum += fma(Real(-0.5F) * z, z, -(policy.log_std[d] + detail::constant<Real>(kHalfLogTwoPi)));
  }
  return sum;
}

/// sum_d log std_d + (1 + log 2 pi) / 2 [nat]. The mean plays no part.
template <int D, class Real>
PPO_HD Real entropy(const Gaussian<D, Real>& policy) {
  Real sum(0);
  for (int d = 0; d < D; ++d) sum += policy.log_std[d] + detail::constant<Real>(0.5 + kHalfLogTwoPi);
  return sum;
}

}  // namespace ppo
