// Reads a run back from its folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/agent_state.hpp"
#include "engine/environment.hpp"

namespace ppo {

struct SavedRun {
  std::filesystem::path folder;
  Config config;
  const Environment* environment;
};

/// Why a folder without a config.toml is not the folder of a run, and what to write instead.
std::string no_run_text(const std::filesystem::path& folder);

/// Reads the config. Throws Failure(kWrongInput) when the folder holds no run or a damaged config.
SavedRun open_run(const std::filesystem::path& folder);

/// The agents' policies [K] at the run's end, or of an earlier one, which a note says then. Throws
/// Failure(kWrongInput) when they are missing, damaged or not those whose hashes run.json has.
std::vector<TrainedPolicy> read_policies(const SavedRun& run);

/// The same of one agent. Throws Failure(kWrongInput), also when there is no such agent.
TrainedPolicy read_agent(const SavedRun& run, std::int64_t agent);

/// Where an episode of the run's agents is cut when it is played again: at the user's limit, the run's, the
/// environment's, or 500.
std::int32_t play_limit(const Config& config, std::optional<std::int32_t> max_steps);

/// Where a film is cut that nobody asked to be longer: as play_limit, but at 500 steps at most.
std::int32_t film_limit(const Config& config);

}  // namespace ppo
