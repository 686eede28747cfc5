// Flags and operands shared by the verbs that take a finished run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "commands/loaded_agents.hpp"
#include "config/flags.hpp"
#include "engine/environment.hpp"

namespace ppo {

// How episodes are played.
std::vector<Flag> play_flags(const std::string& episodes);

/// What play_flags ask for but --max-steps, over `usual`. Throws Failure(kWrongInput), here and below.
EvalOptions play_options(const Arguments& arguments, EvalOptions usual);
std::optional<std::int32_t> max_steps(const Arguments& arguments);

Flag agent_flag();
std::int64_t agent_number(const Arguments& arguments);

/// The run folder, or whatever else is `needed`, without which `verb` can do nothing.
std::filesystem::path run_of(const std::string& verb, const Arguments& arguments, const std::string& needed);
inline const std::string kRunOrCheckpoint = "a run folder or a checkpoint";

/// What RUN and --best name.
Flag best_flag();
AgentSource agent_source(const std::string& verb, const Arguments& arguments);
inline const std::string kRunHelp = "RUN is " + kRunOrCheckpoint + ".";

/// The name of an output file, which must end in one of `endings` and be writable.
std::filesystem::path file_ending_in(const std::vector<std::string>& endings, const std::string& name);

}  // namespace ppo
