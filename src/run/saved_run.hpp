// Reads a run back from its folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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

/// Reads the config. Throws Failure(kWrongInput) when the folder holds no run or a damaged config.
SavedRun open_run(const std::filesystem::path& folder);

/// What a user names as RUN.
struct RunPlace {
  std::optional<std::filesystem::path> run;         // its folder; none of a checkpoint that lies elsewhere
  std::optional<std::filesystem::path> checkpoint;  // if the run's folder is not what is named
};

/// The folder of a run, or any file, which is to be a checkpoint; its run is the one among whose checkpoints
/// it lies, wherever links lead. Throws Failure(kWrongInput) for another folder and for what is not there.
RunPlace find_run(const std::filesystem::path& named);

/// Which point of training an agent comes from.
struct AgentOrigin {
  bool is_best = false;               // in its evaluations
  std::optional<std::int64_t> steps;  // of training behind it; not said of an agent at its run's end

  std::string text() const;                             // "at its best, after 1,536 steps"
  std::map<std::string, std::string> metadata() const;  // of an exported file: best, steps
};

struct SavedAgents {
  std::vector<TrainedPolicy> policies;  // [K], or of the one that was asked for
  std::vector<AgentOrigin> origins;     // of each
};

/// Which policies of its agents are read from a run's folder: policy.safetensors or best.safetensors.
enum class Which { last, best };

/// All agents of the run, or only the one of that number. A note says when its end is an earlier one, or its
/// best that of a run that goes on. Throws Failure(kWrongInput) when they are missing, damaged or not those
/// whose hashes run.json has, and when there is no such agent.
SavedAgents read_agents(const SavedRun& run, Which which, std::optional<std::int64_t> only = std::nullopt);

/// The policies [K] of all agents at the run's end.
std::vector<TrainedPolicy> read_policies(const SavedRun& run);

/// That of one agent.
TrainedPolicy read_agent(const SavedRun& run, std::int64_t agent);

/// Throws Failure(kWrongInput) when a run of that config has no such agent.
void check_agent(const Config& config, std::int64_t agent);

/// Where an episode of the run's agents is cut when it is played again: at the user's limit, the run's, the
/// environment's, or 500.
std::int32_t play_limit(const Config& config, std::optional<std::int32_t> max_steps);

/// Where a film is cut that nobody asked to be longer: as play_limit, but at 500 steps at most.
std::int32_t film_limit(const Config& config);

}  // namespace ppo
