// Adam (Kingma & Ba 2015) after clipping the gradient by its global norm.
#pragma once

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

/// Parameters per slice. The norm's sum of squares is taken slice by slice, and a worker owns whole slices.
inline constexpr int kSliceSize = 256;
inline constexpr int kSliceChains = 32;

/// How many slices `size` parameters make; the last one may be short.
PPO_HD constexpr int slice_count(int size) {
  return (size + kSliceSize - 1) / kSliceSize;
}

/// Sum of squares of one slice: chain i takes entries i, i + 32, ...; the 32 chains are added by a halving
/// tree.
template <class Real>
PPO_HD Real slice_square(const Real* grad, int size) {
  Real chain[kSliceChains];
  for (int i = 0; i < kSliceChains; ++i) chain[i] = Real(0);
  const int whole = size / kSliceChains * kSliceChains;
  for (int begin = 0; begin < whole; begin += kSliceChains) {
    for (int i = 0; i < kSliceChains; ++i) chain[i] = fma(grad[begin + i], grad[begin + i], chain[i]);
  }
  for (int i = whole; i < size; ++i) chain[i - whole] = fma(grad[i], grad[i], chain[i - whole]);
  for (int half = kSliceChains / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) chain[i] = chain[i] + chain[half + i];
  }
  return chain[0];
}

/// The L2 norm: the slices' sums of squares added in order, then the square root.
template <class Real>
PPO_HD Real global_norm(const Real* squares, int count) {
  Real sum = Real(0);
  for (int i = 0; i < count; ++i) sum += squares[i];
  return sqrt(sum);
}

/// The factor that scales a gradient of that norm down to max_grad_norm; 1 for a smaller one.
template <class Real>
PPO_HD Real clip_scale(Real norm, Real max_grad_norm) {
  return min(max_grad_norm / (norm + static_cast<Real>(1e-6)), Real(1));
}

/// Powers of the decay rates, kept as running products. Part of the training state.
struct AdamPowers {
  double beta1 = 1;  // 0.9^t
  double beta2 = 1;  // 0.999^t
};

/// What all parameters share in one step of Adam.
template <class Real>
struct AdamStep {
  Real clip_scale;
  Real lr;
  Real correction1;  // 1 / (1 - 0.9^t)
  Real correction2;  // 1 / (1 - 0.999^t)
};

/// Advances the powers to the coming step and returns its bias corrections.
template <class Real>
PPO_HD AdamStep<Real> next_adam_step(AdamPowers& powers, Real clip_scale, Real lr) {
  powers.beta1 *= 0.9;
  powers.beta2 *= 0.999;
  return {clip_scale, lr, static_cast<Real>(1.0 / (1.0 - powers.beta1)),
          static_cast<Real>(1.0 / (1.0 - powers.beta2))};
}

/// Updates one parameter and its two moments; epsilon is added outside the square root.
template <class Real>
PPO_HD void adam(const AdamStep<Real>& step, Real grad, Real& param, Real& moment1, Real& moment2) {
  const Real g = grad * step.clip_scale;
  moment1 = fma(static_cast<Real>(0.9), moment1, static_cast<Real>(0.1) * g);
  moment2 = fma(static_cast<Real>(0.999), moment2, static_cast<Real>(0.001) * (g * g));
  const Real denominator = sqrt(moment2 * step.correction2) + static_cast<Real>(1e-8);
  param = param - step.lr * (moment1 * step.correction1) / denominator;
}

}  // namespace ppo
