// What a sweep's state file holds besides numbers of agents, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "sweep/sweep.hpp"

namespace ppo {

/// Everything but the agents' states; `has_state` says which have one.
nlohmann::json progress_json(const SweepConfig& sweep, const SweepState& state);

/// Reads it back; agents that are to have a state have an empty one of their sizes. Throws
/// nlohmann::json::exception or Failure when it is not what progress_json writes.
SweepState read_progress(const SweepConfig& sweep, const nlohmann::json& progress);

}  // namespace ppo
