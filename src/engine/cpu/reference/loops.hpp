// One environment's loops behind plain functions (src/engine/environment.hpp), which a generated instance
// exports.
#pragma once

#include "engine/cpu/reference/evaluate.hpp"
#include "engine/cpu/reference/stages.hpp"
#include "engine/environment.hpp"
#include "ppo/init.hpp"
#include "ppo/trace.hpp"

namespace ppo::reference {

template <IsEnv Env, int H>
constexpr EnvironmentInfo environment_info(std::string_view name) {
  EnvironmentInfo info{.name = name,
                       .observation_size = Env::kObservationSize,
                       .action_count = Env::kActionCount,
                       .hidden_size = H,
                       .parameter_count = Agent<Env, H>::P,
                       .state_bytes = sizeof(typename Env::State),
                       .solved_return = Env::kSolvedReturn,
                       .solved_max_episode_steps = Env::kSolvedMaxEpisodeSteps,
                       .draws_itself = DrawsItself<Env>,
                       .view = {},
                       .step_seconds = 0};
  if constexpr (DrawsItself<Env>) {
    info.view = Env::kView;
    info.step_seconds = Env::kStepSeconds;
  }
  return info;
}

template <IsEnv Env, int H, class Stages = reference::Stages>
constexpr EnvironmentLoops loops(std::string_view name) {
  using Agent = ppo::Agent<Env, H>;
  return {
      .info = environment_info<Env, H>(name),
      .agent_bytes = [](const Hyper& hyper) { return Agent::carve(hyper, nullptr); },
      .init =
          [](const Hyper& hyper, std::uint64_t seed, void* agent) {
            Agent::carve(hyper, agent);
            init_agent(hyper, seed, *static_cast<Agent*>(agent));
          },
      .update =
          [](const Hyper& hyper, void* agent, const Worker& worker, UpdateRow* row) {
            UpdateNotes notes;
            ppo::update<Stages>(hyper, *static_cast<Agent*>(agent), worker, notes);
            if (worker.leads()) *row = notes.row();
          },
      .params =
          [](const void* agent) {
            return static_cast<const float*>(static_cast<const Agent*>(agent)->params);
          },
      .trace_hash =
          [](const Hyper& hyper, const void* agent, std::uint64_t hash) {
            return trace_hash(hyper, *static_cast<const Agent*>(agent), hash);
          },
      .save = [](const Hyper& hyper, const void* agent,
                 StateArrays& out) { static_cast<const Agent*>(agent)->save(hyper, out); },
      .load = [](const Hyper& hyper, const StateArrays& in,
                 void* agent) { static_cast<Agent*>(agent)->load(hyper, in); },
      .evaluate = evaluate<Env, H>,
  };
}

}  // namespace ppo::reference
