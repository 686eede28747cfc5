// Generalised advantage estimation (Schulman et al. 2016) and the moments that normalise it.
#pragma once

#include <cstdint>

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

/// How a step ended its episode, if it did. A step that terminates does not also truncate.
enum Ended : std::uint8_t {
  kRunning = 0,
  kTerminated = 1,  // the task ended; the value of what follows is 0
  kTruncated = 2,   // the time limit cut it; bootstrap from the true last observation
};

/// x * scale, at most `bound` in size. The default changes nothing.
template <class Real>
struct Clipped {
  Real scale = Real(1);
  Real bound = static_cast<Real>(__builtin_inff());

  PPO_HD Real operator()(Real x) const { return clamp(x * scale, -bound, bound); }
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
  Clipped<Real> reward_norm;      // what becomes of a reward first
};

/// Steps loaded together before a scan or a sum runs over them, so that on a GPU their loads overlap: as many
/// as there are registers for.
inline constexpr int kStepsOfScan = 16;
inline constexpr int kStepsAtOnce = 32;

/// The reverse scan of environment n:
///   delta_t = r_t + gamma * V(s_{t+1}) - V(s_t),   A_t = delta_t + gamma * lambda * A_{t+1}.
/// The chain is cut where an episode ended; V(s_{t+1}) is then 0 (terminated) or the final value (truncated).
template <class Real>
class AdvantageScan {
 public:
  PPO_HD AdvantageScan(const Trajectories<Real>& data, int n, Real gamma, Real gae_lambda)
      : data_(data), n_(n), gamma_(gamma), decay_(gamma * gae_lambda), finals_(data.truncated[n]) {}

  /// Handles the steps [t, t + count), last one first. All later steps must be done.
  template <int count>
  PPO_HD void steps(std::int64_t t) {
    const std::int64_t N = data_.num_envs;
    const std::int64_t first = t * N + n_;
    Real reward[count];
    Real value[count];
    Real next_value = data_.value[first + count * N];
    std::uint8_t ended[count];
    for (int k = 0; k < count; ++k) {
      reward[k] = data_.reward_norm(data_.reward[first + k * N]);
      value[k] = data_.value[first + k * N];
      ended[k] = data_.ended[first + k * N];
    }
    for (int k = count - 1; k >= 0; --k) {
      if (ended[k] != kRunning) {
        next_advantage_ = Real(0);
        next_value = Real(0);
        if (ended[k] == kTruncated) next_value = data_.final_value[--finals_ * N + n_];
      }
      const Real delta = fma(gamma_, next_value, reward[k]) - value[k];
      next_advantage_ = fma(decay_, next_advantage_, delta);
      data_.advantage[first + k * N] = next_advantage_;
      next_value = value[k];
    }
  }

 private:
  const Trajectories<Real>& data_;
  int n_;
  Real gamma_;
  Real decay_;
  std::int64_t finals_;  // true last observations not yet used
  Real next_advantage_ = Real(0);
};

template <class Real>
PPO_HD void advantages_of_environment(const Trajectories<Real>& data, int n, Real gamma, Real gae_lambda) {
  AdvantageScan<Real> scan(data, n, gamma, gae_lambda);
  std::int64_t t = data.num_steps;
  for (; t >= kStepsOfScan; t -= kStepsOfScan) scan.template steps<kStepsOfScan>(t - kStepsOfScan);
  for (; t > 0; --t) scan.template steps<1>(t - 1);
}

/// Count, mean and sum of squared deviations of a set of numbers.
template <class Real>
struct Moments {
  std::int64_t count = 0;
  Real mean = Real(0);
  Real m2 = Real(0);
};

/// Adds one number (Welford 1962).
template <class Real>
PPO_HD void add(Moments<Real>& moments, Real x) {
  ++moments.count;
  const Real shift = x - moments.mean;
  moments.mean += shift / static_cast<Real>(moments.count);
  moments.m2 = fma(shift, x - moments.mean, moments.m2);
}

/// Moments of the union of two non-empty sets (Chan, Golub & LeVeque 1979).
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

/// The same, but 0 where the deviations are no larger than the numbers' own rounding errors.
template <class Real>
PPO_HD Real variance_above_rounding(const Moments<Real>& moments) {
  const Real rounding = static_cast<Real>(1e-6) * moments.mean;
  return select(variance(moments) > rounding * rounding, variance(moments), Real(0));
}

/// Environments per chunk of the moments. Fixed, so that the order of a sum does not depend on the number of
/// workers.
inline constexpr int kChunkEnvs = 16;

/// fold(... fold(fold(0, x_0), x_1) ..., x_{T-1}) over the steps of environment n, x_t = entry(t * N + n).
template <class Chain, class Entry, class Fold>
PPO_HD Chain over_steps(std::int64_t num_steps, std::int64_t num_envs, int n, Entry entry, Fold fold) {
  auto chain = static_cast<Chain>(0.0F);
  std::int64_t t = 0;
  for (; t + kStepsAtOnce <= num_steps; t += kStepsAtOnce) {
    Chain x[kStepsAtOnce];
    for (int k = 0; k < kStepsAtOnce; ++k) x[k] = entry((t + k) * num_envs + n);
    for (int k = 0; k < kStepsAtOnce; ++k) chain = fold(chain, x[k]);
  }
  for (; t < num_steps; ++t) chain = fold(chain, entry(t * num_envs + n));
  return chain;
}

/// The plain `sum` of chunk_moments: one worker adds term(begin), term(begin + 1), ... in order, from 0.
struct SumInTurn {
  int begin;
  int end;

  template <class Term>
  PPO_HD auto operator()(Term term) const {
    auto total = decltype(term(begin))(0);
    for (int n = begin; n < end; ++n) total += term(n);
    return total;
  }
};

/// Moments of entry(t * N + n) over all steps of `envs` environments: the mean first, then the deviations
/// from it. Each environment is one chain over t; `sum` adds the chains in order. A Chain may be several side
/// by side, of the environments from n on.
PPO_CALLS_BACK
template <class Real, class Chain = Real, class Entry, class Sum>
PPO_HD Moments<Real> chunk_moments(std::int64_t num_steps, std::int64_t num_envs, int envs, Entry entry,
                                   Sum sum) {
  Moments<Real> moments;
  moments.count = num_steps * envs;
  const Real total = sum([&](int n) {
    return over_steps<Chain>(num_steps, num_envs, n, entry, [](Chain chain, Chain x) { return chain + x; });
  });
  moments.mean = total / static_cast<Real>(moments.count);
  const Chain mean(moments.mean);
  moments.m2 = sum([&](int n) {
    return over_steps<Chain>(num_steps, num_envs, n, entry, [&](Chain chain, Chain x) {
      const Chain deviation = x - mean;
      return fma(deviation, deviation, chain);
    });
  });
  return moments;
}

/// The same over the environments [begin, end), on one worker.
template <class Real, class Entry>
PPO_HD Moments<Real> chunk_moments(std::int64_t num_steps, std::int64_t num_envs, int begin, int end,
                                   Entry entry) {
  return chunk_moments<Real>(num_steps, num_envs, end - begin, entry, SumInTurn{begin, end});
}

/// (advantage - shift) * scale.
template <class Real>
struct Normaliser {
  Real shift;
  Real scale;
};

/// Normalises to mean 0 and population deviation 1, plus 1e-8 for an all-equal batch; identity if norm_adv
/// is off.
template <class Real>
PPO_HD Normaliser<Real> normaliser(const Moments<Real>& moments, bool norm_adv) {
  if (!norm_adv) return {Real(0), Real(1)};
  return {moments.mean, Real(1) / (sqrt(variance(moments)) + static_cast<Real>(1e-8))};
}

}  // namespace ppo
