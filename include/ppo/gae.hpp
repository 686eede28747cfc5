// Generalised advantage estimation (Schulman et al. 2016) and the moments that normalise it.
#pragma once

#include <cstdint>

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

/// How a step ended its episode. At most one of the two is set: what terminated was not truncated.
enum Ended : std::uint8_t {
  kRunning = 0,
  kTerminated = 1,  // the task ended: nothing comes after, value 0
  kTruncated = 2,   // the time limit cut it: the value of the true last observation stands for the rest
};

/// T steps of N environments, time-major: index t * N + n.
template <class Real>
struct Trajectories {
  std::int32_t num_steps;     // T
  std::int32_t num_envs;      // N
  const Real* reward;         // [T][N]
  const std::uint8_t* ended;  // [T][N] Ended
  const Real* value;          // [T+1][N]; the last row is the value of the state after the last step
  const Real*
      final_value;  // [S][N] values of the true last observations of truncated episodes, in time order
  const std::int32_t* truncated;  // [N] how many of those each environment has
  Real* advantage;                // [T][N] out
};

/// The reverse scan of environment n:
///   delta_t = r_t + gamma * V(s_{t+1}) - V(s_t),   A_t = delta_t + gamma * lambda * A_{t+1}.
/// The chain is cut where an episode ended; V(s_{t+1}) is then 0 (terminated) or the final value (truncated).
template <class Real>
PPO_HD void advantages_of_environment(const Trajectories<Real>& data, int n, Real gamma, Real gae_lambda) {
  const std::int64_t N = data.num_envs;
  std::int64_t finals = data.truncated[n];
  Real next_advantage = Real(0);
  for (std::int64_t t = data.num_steps - 1; t >= 0; --t) {
    const std::int64_t i = t * N + n;
    Real next_value = data.value[i + N];
    if (data.ended[i] != kRunning) {
      next_advantage = Real(0);
      next_value = Real(0);
      if (data.ended[i] == kTruncated) next_value = data.final_value[--finals * N + n];
    }
    const Real delta = fma(gamma, next_value, data.reward[i]) - data.value[i];
    next_advantage = fma(gamma * gae_lambda, next_advantage, delta);
    data.advantage[i] = next_advantage;
  }
}

/// Count, mean and sum of squared deviations of a set of numbers.
template <class Real>
struct Moments {
  std::int64_t count = 0;
  Real mean = Real(0);
  Real m2 = Real(0);
};

/// Of the union of two sets, neither empty (Chan, Golub & LeVeque 1979).
template <class Real>
PPO_HD Moments<Real> merge(const Moments<Real>& a, const Moments<Real>& b) {
  Moments<Real> both;
  both.count = a.count + b.count;
  const Real share = static_cast<Real>(b.count) / static_cast<Real>(both.count);
  const Real shift = b.mean - a.mean;
  both.mean = fma(shift, share, a.mean);
  both.m2 = fma(shift * shift, static_cast<Real>(a.count) * share, a.m2 + b.m2);
  return both;
}

/// Population variance.
template <class Real>
PPO_HD Real variance(const Moments<Real>& moments) {
  return moments.m2 / static_cast<Real>(moments.count);
}

/// The same, but 0 where the deviations are no larger than the rounding of the numbers themselves.
template <class Real>
PPO_HD Real variance_above_rounding(const Moments<Real>& moments) {
  const Real rounding = static_cast<Real>(1e-6) * moments.mean;
  return select(variance(moments) > rounding * rounding, variance(moments), Real(0));
}

/// Environments whose numbers make one chunk of the moments: fixed, so that workers cannot change a sum's
/// order.
inline constexpr int kChunkEnvs = 16;

/// Moments of x(t * N + n) over all steps of the environments [begin, end): the mean first, then the
/// deviations from it. Each environment is one chain over t; the chains are added in order.
template <class Real, class Entry>
PPO_HD Moments<Real> chunk_moments(std::int64_t num_steps, std::int64_t num_envs, int begin, int end,
                                   Entry entry) {
  Moments<Real> moments;
  moments.count = num_steps * (end - begin);
  Real total = Real(0);
  for (int n = begin; n < end; ++n) {
    Real chain = Real(0);
    for (std::int64_t t = 0; t < num_steps; ++t) chain += entry(t * num_envs + n);
    total += chain;
  }
  moments.mean = total / static_cast<Real>(moments.count);
  for (int n = begin; n < end; ++n) {
    Real chain = Real(0);
    for (std::int64_t t = 0; t < num_steps; ++t) {
      const Real deviation = entry(t * num_envs + n) - moments.mean;
      chain = fma(deviation, deviation, chain);
    }
    moments.m2 += chain;
  }
  return moments;
}

/// (advantage - shift) * scale.
template <class Real>
struct Normaliser {
  Real shift;
  Real scale;
};

/// To mean 0 and population deviation 1, with 1e-8 against an all-equal batch; identity when norm_adv is off.
template <class Real>
PPO_HD Normaliser<Real> normaliser(const Moments<Real>& moments, bool norm_adv) {
  if (!norm_adv) return {Real(0), Real(1)};
  return {moments.mean, Real(1) / (sqrt(variance(moments)) + static_cast<Real>(1e-8))};
}

}  // namespace ppo
