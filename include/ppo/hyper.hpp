// What fixes the result of training in an environment: two runs with equal Hyper end with equal bytes.
#pragma once

#include <cstdint>

#include "ppo/platform.hpp"

namespace ppo {

/// Any change of the bits of a run needs a new number here. It is recorded beside every hash.
inline constexpr int kNumericsVersion = 2;

/// What a hidden unit makes of its sum.
enum class Activation : std::int32_t { tanh, relu };

// Names, meaning and defaults are those of the reference (a pure-JAX PPO), with additions of ours:
// max_episode_steps, hidden_size, activation, and in Tuning what follows clip_vloss.

/// What all agents of a launch have in common: what their arrays and their work are cut to.
struct Sizes {
  std::int64_t total_timesteps = 500000;  // rounded down to whole updates
  std::int32_t num_envs = 64;             // N
  std::int32_t num_steps = 128;           // T
  std::int32_t num_minibatches = 4;
  std::int32_t max_episode_steps = 0;  // 0: no time limit
  std::int32_t hidden_size = 64;       // H, of both hidden layers of both networks
  Activation activation = Activation::tanh;

  bool operator==(const Sizes&) const = default;
};

/// What an agent has of its own.
struct Tuning {
  std::uint64_t seed = 42;
  float lr = 2.5e-4F;
  std::int32_t update_epochs = 4;
  float gamma = 0.99F;
  float gae_lambda = 0.95F;
  float clip_coef = 0.2F;
  float ent_coef = 0.01F;
  float vf_coef = 0.5F;
  float max_grad_norm = 0.5F;
  bool norm_adv = true;
  bool clip_vloss = true;
  bool anneal_lr = false;
  float target_kl = 0.0F;     // 0: off
  float log_std_init = 0.0F;  // log of the first standard deviation of continuous actions
  bool norm_obs = false;
  bool norm_reward = false;

  bool operator==(const Tuning&) const = default;
};

/// One agent's, whole.
struct Hyper : Sizes, Tuning {};

/// Samples of one update, T * N.
PPO_HD constexpr std::int64_t batch_size(const Sizes& sizes) {
  return std::int64_t{sizes.num_envs} * sizes.num_steps;
}

/// M. The config check has made sure that num_minibatches divides the batch.
PPO_HD constexpr std::int64_t minibatch_size(const Sizes& sizes) {
  return batch_size(sizes) / sizes.num_minibatches;
}

PPO_HD constexpr std::int64_t num_updates(const Sizes& sizes) {
  return sizes.total_timesteps / batch_size(sizes);
}

/// Whether an agent keeps running statistics.
PPO_HD constexpr bool normalises(const Tuning& tuning) {
  return tuning.norm_obs || tuning.norm_reward;
}

/// Learning rate of update `update` (from 0): the first runs at the full rate, and it falls linearly to 0
/// after the last (Engstrom et al. 2020, "Implementation Matters", and CleanRL's anneal_lr).
PPO_HD inline float learning_rate(const Sizes& sizes, const Tuning& tuning, std::int64_t update) {
  if (!tuning.anneal_lr) return tuning.lr;
  const double left = 1.0 - static_cast<double>(update) / static_cast<double>(num_updates(sizes));
  return static_cast<float>(left * static_cast<double>(tuning.lr));
}

}  // namespace ppo
