// One environment's loops behind plain functions (src/engine/environment.hpp), which a generated instance
// exports.
#pragma once

#include "engine/cpu/exchanging_worker.hpp"
#include "engine/cpu/reference/probe.hpp"
#include "engine/cpu/reference/stages.hpp"
#include "engine/environment.hpp"
#include "ppo/init.hpp"
#include "ppo/trace.hpp"

namespace ppo::reference {

/// What an environment says of its actions.
template <class Env, int A>
constexpr ActionFacts action_facts(Discrete<A>) {
  return {.count = A, .numbers = 1, .range = nullptr};
}
template <class Env, int D>
constexpr ActionFacts action_facts(Box<D>) {
  return {.count = 0, .numbers = D, .range = [](int d) { return Env::action_range(d); }};
}

template <IsEnv Env>
constexpr EnvironmentInfo environment_info(std::string_view name) {
  EnvironmentInfo info{.name = name,
                       .observation_size = Env::kObservationSize,
                       .actions = action_facts<Env>(typename Env::Action{}),
                       .layout = layout_of<Env>,
                       .state_bytes = sizeof(typename Env::State),
                       .solved_return = Env::kSolvedReturn,
                       .time_limit = Env::kTimeLimit,
                       .draws_itself = DrawsItself<Env>,
                       .view = {},
                       .step_seconds = 0};
  if constexpr (DrawsItself<Env>) {
    info.view = Env::kView;
    info.step_seconds = Env::kStepSeconds;
  }
  return info;
}

template <IsEnv Env, class Stages = reference::Stages>
constexpr EnvironmentLoops loops(std::string_view name) {
  using Agent = ppo::Agent<Env>;
  return {
      .info = environment_info<Env>(name),
      .agent_bytes = [](const Sizes& sizes) { return Agent::carve(sizes, nullptr); },
      .scratch_bytes =
          [](const Sizes& sizes) {
            return Stages::template scratch_bytes<Agent>(layout_of<Env>(sizes.hidden_size));
          },
      .init =
          [](const Sizes& sizes, const Tuning& tuning, void* agent) {
            Agent::carve(sizes, agent);
            init_agent(sizes, tuning, *static_cast<Agent*>(agent));
          },
      .update =
          [](const Sizes& sizes, void* agent, const Worker& worker, UpdateRow* row) {
            auto& trained = *static_cast<Agent*>(agent);
            UpdateNotes notes;
            if (worker.exchange == nullptr) {
              ppo::update<Stages>(sizes, trained, worker, notes);
            } else {
              ppo::update<Stages>(sizes, trained, ExchangingWorker<Agent>(worker, sizes, trained), notes);
            }
            if (worker.leads()) *row = notes.row();
          },
      .params =
          [](const void* agent) {
            return static_cast<const float*>(static_cast<const Agent*>(agent)->params);
          },
      .trace_hash =
          [](const Sizes& sizes, const void* agent, std::uint64_t hash) {
            return trace_hash(sizes, *static_cast<const Agent*>(agent), hash);
          },
      .save = [](const Sizes& sizes, const void* agent,
                 StateArrays& out) { static_cast<const Agent*>(agent)->save(sizes, out); },
      .load = [](const Sizes& sizes, const StateArrays& in,
                 void* agent) { static_cast<Agent*>(agent)->load(sizes, in); },
      .tune = [](const Tuning& tuning, void* agent) { static_cast<Agent*>(agent)->tuning = tuning; },
      .evaluate = Stages::template evaluate<Env>,
      .probe = probe<Env>,
  };
}

}  // namespace ppo::reference
