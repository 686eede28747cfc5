// Trains many seeds of a preset as fast as this machine allows, and keeps what the tests ask about.
#pragma once

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "config/config_file.hpp"
#include "engine/engine.hpp"
#include "engine/episode_statistics.hpp"
#include "engine/evaluator.hpp"
#include "run/records.hpp"

namespace ppo::test {

struct TrainedAgent {
  std::vector<Record> records;  // one an update
  std::optional<std::int64_t> solved_at_step;
  TrainedPolicy policy;
};

inline TrainedAgent train_agent(Config config, std::uint64_t seed) {
  config.hyper.seed = seed;
  const std::unique_ptr<Engine> engine = make_engine(config);
  AgentProgress progress(config, find_environment(config.env)->info(), 0);
  TrainedAgent agent;
  for (std::int64_t update = 0; update < num_updates(config.hyper); ++update) {
    agent.records.push_back(progress.add(engine->run(1).front()));
  }
  agent.solved_at_step = progress.solved_at_step();
  agent.policy = engine->policy(0);
  return agent;
}

/// Agents with seeds first, first + 1, ... of a preset, one thread a core.
inline std::vector<TrainedAgent> train_agents(const std::string& preset, std::uint64_t first_seed,
                                              std::size_t count) {
  Settings settings;
  apply_config(preset, settings);
  std::vector<TrainedAgent> agents(count);
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back([&] {
      for (std::size_t k = next++; k < count; k = next++) {
        agents[k] = train_agent(settings.checked(), first_seed + k);
      }
    });
  }
  return (threads.clear(), agents);
}

/// Mean return over 100 episodes, cut at the task's time limit.
inline double evaluate(const std::string& env, const TrainedAgent& agent, bool greedy) {
  const Environment& environment = *find_environment(env);
  const EvalOptions options{.max_steps = environment.info().time_limit, .greedy = greedy};
  Evaluator evaluator(choose_level(environment).loops, agent.policy.hyper, 1);
  return summarise(evaluator.play({&agent.policy, 1}, options).front()).mean;
}

}  // namespace ppo::test
