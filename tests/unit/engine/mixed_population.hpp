// A population whose agents differ in everything but their sizes, beside the same agents trained alone.
#pragma once

#include <utility>
#include <vector>

#include "unit/engine/engine_runs.hpp"

namespace ppo::testing {

/// Five agents. Of two that follow each other one keeps running statistics that the other does not; the third
/// has the seed of the first; the second and the fourth may end an update early.
inline Population mixed_population(const Sizes& sizes) {
  return {sizes,
          {{.seed = 31,
            .lr = 3e-3F,
            .update_epochs = 2,
            .log_std_init = -0.5F,
            .norm_obs = true,
            .norm_reward = true},
           {.seed = 5,
            .lr = 5e-3F,
            .update_epochs = 4,
            .gamma = 0.9F,
            .gae_lambda = 0.8F,
            .clip_coef = 0.1F,
            .ent_coef = 0,
            .vf_coef = 1,
            .max_grad_norm = 10,
            .norm_adv = false,
            .clip_vloss = false,
            .anneal_lr = true,
            .target_kl = 1e-5F,
            .log_std_init = 0.25F},
           {.seed = 31,
            .lr = 1e-3F,
            .update_epochs = 1,
            .gamma = 0.8F,
            .gae_lambda = 1,
            .clip_coef = 0.3F,
            .ent_coef = 0.1F,
            .vf_coef = 0.25F,
            .max_grad_norm = 0.05F,
            .clip_vloss = false,
            .log_std_init = -1,
            .norm_obs = true},
           {.seed = 1,
            .lr = 1e-2F,
            .update_epochs = 3,
            .gamma = 1,
            .gae_lambda = 0.5F,
            .clip_coef = 0.05F,
            .ent_coef = 0.03F,
            .vf_coef = 2,
            .max_grad_norm = 1,
            .norm_adv = false,
            .anneal_lr = true,
            .target_kl = 1e-4F,
            .log_std_init = 0.5F},
           {.seed = 77,
            .lr = 2e-3F,
            .update_epochs = 5,
            .gamma = 0.95F,
            .gae_lambda = 0,
            .clip_coef = 0.4F,
            .ent_coef = 0.02F,
            .vf_coef = 0.75F,
            .max_grad_norm = 0.2F,
            .anneal_lr = true,
            .log_std_init = 1,
            .norm_reward = true}}};
}

/// The same agents, each with the values of the next one, but for its seed.
inline Population retuned(Population population) {
  const Population before = population;
  const std::size_t count = before.agents.size();
  for (std::size_t k = 0; k < count; ++k) {
    population.agents[k] = before.agents[(k + 1) % count];
    population.agents[k].seed = before.agents[k].seed;
  }
  return population;
}

inline std::vector<AgentState> states_of(const Engine& engine, std::size_t num_agents) {
  std::vector<AgentState> states;
  for (std::size_t k = 0; k < num_agents; ++k) states.push_back(engine.save(static_cast<std::int64_t>(k)));
  return states;
}

/// What agents gave, and what they have become.
struct Trained {
  std::vector<Outcome> outcomes;   // [K]
  std::vector<AgentState> states;  // [K]
};

/// `lifetimes` [K] as in `run`.
inline Trained trained_by(Engine& engine, const Lifetimes& lifetimes, std::int64_t updates,
                          std::int64_t per_call) {
  Trained trained;
  trained.outcomes = run(engine, lifetimes, 0, updates, per_call);
  trained.states = states_of(engine, lifetimes.size());
  return trained;
}

/// Each agent on its own, by the specification.
inline Trained trained_alone(const EnvironmentLoops& portable, const Population& population,
                             const Lifetimes& lifetimes, std::int64_t updates) {
  Trained trained;
  trained.outcomes = single_runs(portable, population, lifetimes, updates);
  for (std::size_t k = 0; k < lifetimes.size(); ++k) {
    CpuEngine engine(portable, {population.sizes, {population.agents[k]}}, EngineInfo{"cpu", "test", 1},
                     {.trace = true});
    if (lifetimes[k] > 0) engine.run(lifetimes[k]);
    trained.states.push_back(engine.save(0));
  }
  return trained;
}

/// The rows from update `first` on and the states of agents that are saved at update `cut` and go on with
/// other values, by the specification.
inline Trained trained_anew(const EnvironmentLoops& portable, const Population& before,
                            const Population& after, std::int64_t cut, std::int64_t updates) {
  CpuEngine first(portable, before, EngineInfo{"cpu", "test", 1}, {.trace = true});
  first.run(cut);
  CpuEngine second(portable, after, EngineInfo{"cpu", "test", 1}, {.trace = true});
  for (std::int64_t k = 0; k < before.count(); ++k) second.load(k, first.save(k));
  return trained_by(second, Lifetimes(before.agents.size(), updates - cut), updates - cut, 1);
}

/// The same in one engine, whose agents are tuned meanwhile.
inline Trained trained_and_tuned(Engine& engine, const Population& after, std::int64_t cut,
                                 std::int64_t updates) {
  engine.run(cut);
  for (std::int64_t k = 0; k < after.count(); ++k) engine.tune(k, after.hyper(k));
  return trained_by(engine, Lifetimes(after.agents.size(), updates - cut), updates - cut, 1);
}

inline void expect_same(const Trained& wanted, const Trained& got) {
  ASSERT_EQ(wanted.outcomes.size(), got.outcomes.size());
  for (std::size_t k = 0; k < wanted.outcomes.size(); ++k) {
    SCOPED_TRACE(::testing::Message() << "agent " << k);
    expect_same(wanted.outcomes[k], got.outcomes[k]);
    expect_same(wanted.states[k], got.states[k]);
  }
}

}  // namespace ppo::testing
