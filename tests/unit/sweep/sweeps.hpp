// A small sweep for tests, and trials whose curves a test writes itself.
#pragma once

#include <string>
#include <vector>

#include "config/sweep/sweep_reader.hpp"
#include "sweep/sweep.hpp"

namespace ppo::test {

/// 16 trials with 2 seeds of short runs, with rungs at 1,024, 2,048 and 4,096 steps.
inline std::string sweep_toml(const std::string& method = "halving",
                              const std::string& metric = "steps_to_greedy") {
  return "env = \"cartpole\"\nmax_episode_steps = 500\nnum_envs = 8\nnum_steps = 32\n"
         "total_timesteps = 4096\nhidden_size = 32\neval_episodes = 4\nthreads = 1\n"
         "[sweep]\ntrials = 16\nmethod = \"" +
         method + "\"\nmetric = \"" + metric +
         "\"\nseeds_per_trial = 2\ngrace_steps = 1024\neval_steps = 512\n" +
         (metric == "steps_to_greedy" ? "target_return = 60\n" : "") +
         "confirm_trials = 2\nconfirm_seeds = 3\n[sweep.space]\n"
         "lr = { min = 1e-4, max = 1e-2, scale = \"log\" }\n"
         "gamma = { min = 0.9, max = 0.999, scale = \"log1m\" }\nnorm_obs = { values = [false, true] }\n" +
         (method == "pbt" ? "" : "num_minibatches = { values = [2, 4] }\n");
}

inline SweepConfig small_sweep(const std::string& method = "halving",
                               const std::string& metric = "steps_to_greedy") {
  return read_sweep(sweep_toml(method, metric), "sweep.toml");
}

/// An agent whose curve has these values, 1,000 steps apart.
inline SweepAgent agent_with(const std::vector<double>& values) {
  SweepAgent agent;
  for (const double value : values) {
    agent.curve.push_back({static_cast<std::int64_t>(1000 * (agent.curve.size() + 1)), value});
  }
  return agent;
}

inline Trial trial_with(std::vector<SweepAgent> agents) {
  Trial trial;
  trial.agents = std::move(agents);
  return trial;
}

/// Sees all and stops nothing.
struct Patient : RungWatch {
  void trains_on(const EngineInfo&) override {}
  void trained(std::int64_t more) override { steps += more; }
  bool is_stopped() override { return false; }
  bool is_due() override { return false; }
  bool rest() override { return true; }
  bool passed() override {
    ++rungs;
    return true;
  }

  std::int64_t steps = 0;
  int rungs = 0;
};

}  // namespace ppo::test
