// Runs whose sizes divide nothing: passes, tiles, leaves and groups end in the middle somewhere, and every
// option is away from its default.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "config/environment_names.hpp"
#include "ppo/hyper.hpp"

namespace ppo::test {

struct Shape {
  const char* name;
  Hyper hyper;
};

inline constexpr Shape kShapes[] = {
    {"two_groups",
     {{.num_envs = 17, .num_steps = 20, .num_minibatches = 2, .max_episode_steps = 6},
      {.seed = 5, .lr = 1e-3F}}},
    {"seven_by_thirtythree",
     {{.num_envs = 7, .num_steps = 33, .num_minibatches = 3}, {.seed = 6, .lr = 3e-3F, .anneal_lr = true}}},
    {"one_environment",
     {{.num_envs = 1, .num_steps = 17, .num_minibatches = 1, .max_episode_steps = 4}, {.seed = 7}}},
    {"prime_environments",
     {{.num_envs = 61, .num_steps = 5, .num_minibatches = 5},
      {.seed = 8, .norm_adv = false, .target_kl = 1e-4F}}},
    {"leaves_of_32",
     {{.num_envs = 8209, .num_steps = 4, .num_minibatches = 1},
      {.seed = 9, .update_epochs = 1, .clip_vloss = false}}},
    {"seventeen_samples_a_minibatch",
     {{.num_envs = 17, .num_steps = 4, .num_minibatches = 4, .max_episode_steps = 3},
      {.seed = 10, .lr = 3e-3F}}},
    {"one_sample_a_minibatch",
     {{.num_envs = 2, .num_steps = 4, .num_minibatches = 8}, {.seed = 11, .lr = 1e-3F}}},
    {"all_options",
     {{.total_timesteps = 6 * 67 * 9,
       .num_envs = 67,
       .num_steps = 9,
       .num_minibatches = 3,
       .max_episode_steps = 8},
      {.seed = 12,
       .lr = 1e-2F,
       .norm_adv = false,
       .clip_vloss = false,
       .anneal_lr = true,
       .target_kl = 1e-2F}}},
    {"hidden_32_relu_normalised",
     {{.num_envs = 17,
       .num_steps = 9,
       .num_minibatches = 1,
       .max_episode_steps = 5,
       .hidden_size = 32,
       .activation = Activation::relu},
      {.seed = 13, .lr = 1e-3F, .norm_obs = true, .norm_reward = true}}},
    {"hidden_128",
     {{.num_envs = 5, .num_steps = 7, .num_minibatches = 1, .hidden_size = 128}, {.seed = 14, .lr = 1e-3F}}},
    {"hidden_256_relu",
     {{.num_envs = 3,
       .num_steps = 6,
       .num_minibatches = 2,
       .max_episode_steps = 4,
       .hidden_size = 256,
       .activation = Activation::relu},
      {.seed = 15, .norm_obs = true}}},
};

/// All of them for two environments; a few for the others, whose stages are the same but for their own steps.
inline std::vector<std::tuple<std::string_view, Shape>> shapes_of_environments() {
  std::vector<std::tuple<std::string_view, Shape>> all;
  for (const std::string_view environment : environment_names()) {
    const bool every = environment == "cartpole" || environment == "my_env";
    for (const Shape& shape : kShapes) {
      const std::string_view name = shape.name;
      const bool few = name == "two_groups" || name == "hidden_32_relu_normalised" || name == "hidden_128";
      if (every || few) all.emplace_back(environment, shape);
    }
  }
  return all;
}

/// "cartpole_two_groups"
inline std::string name_of(const std::tuple<std::string_view, Shape>& each) {
  return std::string(std::get<0>(each)) + "_" + std::get<1>(each).name;
}

/// Updates that say enough about it.
inline std::int64_t updates_of(const Shape& shape) {
  return shape.hyper.num_envs > 1000 ? 1 : 6;
}

}  // namespace ppo::test
