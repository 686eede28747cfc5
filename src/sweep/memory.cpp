#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/engine.hpp"
#include "sweep/conduct.hpp"
#include "system/errors.hpp"
#include "system/memory.hpp"

namespace ppo {
namespace {

/// The numbers of a state, and its copies in a file that is being written and in an engine's hands.
double bytes_of_state(const AgentState& state) {
  return static_cast<double>(3 * state.params.size() * sizeof(float) + state.slot_state.size() +
                             state.slot_length.size() * (sizeof(std::int32_t) + 2 * sizeof(double)) +
                             state.moments.size() * sizeof(Moments<double>));
}

}  // namespace

void check_memory(const SweepConfig& sweep, const SweepState& state) {
  const Environment& environment = *find_environment(sweep.config.env);
  const Level level = choose_level(environment, sweep.config.run.simd);
  std::map<std::size_t, double> engines;  // by the size of an agent, one of which a group has
  double states = 0;
  for (const Trial& trial : state.trials) {
    const auto seeds = static_cast<double>(trial.agents.size());
    const std::size_t bytes = level.loops.agent_bytes(trial.config.hyper);
    engines[bytes] += static_cast<double>(bytes) * seeds;
    states += bytes_of_state(AgentState(environment.info(), trial.config.hyper)) * seeds;
  }
  double largest = 0;
  for (const auto& [size, bytes] : engines) largest = std::max(largest, bytes);
  const double needed = largest + 2 * states;
  const std::uint64_t available = available_memory();
  if (needed <= static_cast<double>(available)) return;
  const auto most = static_cast<std::int64_t>(static_cast<double>(sweep.plan.trials) *
                                              static_cast<double>(available) / needed);
  throw Failure(
      kWrongInput,
      fmt::format("{}{} trials with {} seeds need {} of memory and {} are available; write trials = "
                  "{} or less, or a smaller seeds_per_trial",
                  sweep.trials_at.empty() ? "" : sweep.trials_at + ": ", sweep.plan.trials,
                  sweep.plan.seeds_per_trial, needed_text(needed), available_text(available),
                  std::max(most, std::int64_t{1})));
}

}  // namespace ppo
