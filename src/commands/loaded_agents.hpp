// The agents that eval, render and export work on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "engine/environment.hpp"
#include "run/saved/run_place.hpp"
#include "run/saved/saved_agents.hpp"

namespace ppo {

/// What holds them: a run's folder, for its end or for their best, or a checkpoint.
struct AgentSource {
  RunPlace place;
  PolicyKind kind = PolicyKind::last;
};

struct LoadedAgents {
  Config config;
  const Environment* environment;
  SavedAgents agents;
};

/// All agents, or only the one of that number. Throws Failure(kWrongInput) as open_run and read_agents, or as
/// Checkpoint.
LoadedAgents load_agents(const AgentSource& source, std::optional<std::int64_t> only = std::nullopt);

/// Where a file made of them goes that the user does not name: NAME + ENDING in the run's folder, of their
/// best NAME-best, of the checkpoint X.safetensors NAME-X. One that lies in no run has it beside itself.
std::filesystem::path default_file(const AgentSource& source, const std::string& name,
                                   const std::string& ending);

}  // namespace ppo
