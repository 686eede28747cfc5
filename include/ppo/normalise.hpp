// Running statistics of the observations and of the discounted return, and the normalisation that uses them.
//
// Each environment adds its steps to moments of its own while it plays; all are merged in a fixed order once
// an update: environments of a chunk in order, then the chunks in order, then what came before. So the
// statistics do not depend on who played which environment. They are in double: a run is long.
#pragma once

#include <cstdint>

#include "ppo/gae.hpp"
#include "ppo/hyper.hpp"
#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

/// A normalised number is at most this large.
inline constexpr float kNormBound = 10.0F;

/// 1 / deviation; 1 before the first number.
PPO_HD inline float norm_scale(const Moments<double>& moments) {
  if (moments.count == 0) return 1.0F;
  return static_cast<float>(1.0 / sqrt(variance(moments) + 1e-8));
}

/// What the networks see of an observation.
template <int O>
struct ObservationNorm {
  bool on;
  float shift[O];
  float scale[O];

  /// With the moments [O] of the observation's numbers.
  PPO_HD ObservationNorm(bool norm_obs, const Moments<double>* moments) : on(norm_obs) {
    for (int i = 0; i < O && on; ++i) {
      shift[i] = static_cast<float>(moments[i].mean);
      scale[i] = norm_scale(moments[i]);
    }
  }

  /// obs [O], in place.
  PPO_HD void operator()(float* obs) const {
    if (!on) return;
    for (int i = 0; i < O; ++i) obs[i] = clamp((obs[i] - shift[i]) * scale[i], -kNormBound, kNormBound);
  }
};

/// What GAE sees of a reward: rewards are divided by the deviation of the discounted return, not shifted
/// (Engstrom et al. 2020, "Implementation Matters").
PPO_HD inline Clipped<float> reward_norm(bool norm_reward, const Moments<double>& of_return) {
  return norm_reward ? Clipped<float>{norm_scale(of_return), kNormBound} : Clipped<float>{};
}

/// Of number i of `row_size` that the environments' moments [N][row_size] hold: all environments, merged
/// after `before`.
PPO_HD inline Moments<double> merge_environments(const Moments<double>& before,
                                                 const Moments<double>* moments, std::int64_t num_envs,
                                                 std::int64_t row_size, std::int64_t i) {
  Moments<double> all = before;
  for (std::int64_t begin = 0; begin < num_envs; begin += kChunkEnvs) {
    Moments<double> chunk = moments[begin * row_size + i];
    const std::int64_t end = min(begin + kChunkEnvs, num_envs);
    for (std::int64_t n = begin + 1; n < end; ++n) chunk = merge(chunk, moments[n * row_size + i]);
    all = merge(all, chunk);
  }
  return all;
}

}  // namespace ppo
