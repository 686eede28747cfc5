// What the tests of checkpoints share: small runs and what would be saved of them.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment_names.hpp"
#include "engine/cpu/cpu_engine.hpp"
#include "run/checkpoint.hpp"
#include "training/recorder.hpp"
#include "training/training.hpp"

namespace ppo::test {

inline Config small_config(std::int64_t agents = 1) {
  Config config;
  config.hyper.num_envs = 3;
  config.hyper.num_steps = 8;
  config.hyper.num_minibatches = 2;
  config.hyper.max_episode_steps = 6;
  config.hyper.total_timesteps = std::int64_t{24} * 100;
  config.num_seeds = agents;
  return config;
}

/// The same of each environment, with statistics and without, and between them of every size and activation.
inline std::vector<Config> configs_of_every_kind(std::int64_t agents) {
  constexpr std::int32_t kSizes[] = {32, 64, 128, 256};
  std::vector<Config> configs;
  for (const std::string_view name : environment_names()) {
    for (const bool normalises : {false, true}) {
      Config config = small_config(agents);
      config.env = name;
      config.hyper.norm_obs = config.hyper.norm_reward = normalises;
      config.hyper.hidden_size = kSizes[configs.size() % std::size(kSizes)];
      config.hyper.activation = configs.size() % 3 == 0 ? Activation::relu : Activation::tanh;
      if (configs.size() / 2 % 2 == 1) config.evaluation.eval_every = 2;
      if (configs.size() / 4 % 2 == 1) config.evaluation.stop_at_return = 1e30F;
      if (!config.evaluation.evaluates() && config.evaluation.stops())
        config.evaluation.stop_on = "return_100";
      configs.push_back(config);
    }
  }
  return configs;
}

/// Of the fastest level, as they all give the same bytes.
inline CpuEngine engine_for(const Config& config, int threads = 1) {
  return {choose_level(*find_environment(config.env)).loops,
          population_of(config),
          EngineInfo{"cpu", "test", threads},
          {.trace = true}};
}

/// Trains on, with the outcome that a run would have.
inline void train(Engine& engine, const Config& config, Outcome& outcome, std::int64_t updates) {
  Recorder recorder(config, outcome, {});
  recorder.add(engine.run(updates));
  outcome.wall_s = 1.0 / 3 * static_cast<double>(outcome.updates);  // no clock, so that bytes can be compared
}

/// A checkpoint of that many updates, as its file would be.
inline std::string checkpoint_of(const Config& config, std::int64_t updates, int threads = 1) {
  CpuEngine engine = engine_for(config, threads);
  Outcome outcome = no_outcome_yet(config);
  if (updates > 0) train(engine, config, outcome, updates);
  return seal(copy_state(config, engine, outcome));
}

}  // namespace ppo::test
