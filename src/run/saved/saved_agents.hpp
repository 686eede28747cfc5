// The agents of a run, read back from its folder.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/agent_state.hpp"
#include "run/saved/agent_origin.hpp"
#include "run/saved/saved_run.hpp"

namespace ppo {

struct SavedAgents {
  std::vector<TrainedPolicy> policies;  // [K], or of the one that was asked for
  std::vector<AgentOrigin> origins;     // of each
};

/// Which policies of its agents are read from a run's folder: policy.safetensors or best.safetensors.
enum class PolicyKind { last, best };

/// All agents of the run, or only the one of that number. A note says when its end is an earlier one, or its
/// best that of a run that goes on. Throws Failure(kWrongInput) when they are missing, damaged or not those
/// whose hashes run.json has, and when there is no such agent.
SavedAgents read_agents(const SavedRun& run, PolicyKind kind,
                        std::optional<std::int64_t> only = std::nullopt);

/// The policies [K] of all agents at the run's end.
std::vector<TrainedPolicy> read_policies(const SavedRun& run);

/// That of one agent.
TrainedPolicy read_agent(const SavedRun& run, std::int64_t agent);

/// Throws Failure(kWrongInput) when a run of that config has no such agent.
void check_agent(const Config& config, std::int64_t agent);

}  // namespace ppo
