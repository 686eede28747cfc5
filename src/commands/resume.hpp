// The resume verb: continues a run as if it had never stopped.
#pragma once

#include <filesystem>
#include <optional>

#include "config/config.hpp"
#include "config/verb.hpp"
#include "run/train_request.hpp"

namespace ppo {

struct ResumeCommand {
  TrainRequest train;                               // of the run in its folder `out`, which is there
  Config saved;                                     // config.toml; train.config may go on for longer
  std::optional<std::filesystem::path> checkpoint;  // default: the newest that is whole
};

Verb resume_verb();

/// Reads the run's config. Throws Failure(kWrongInput), also for a flag that would change the run's result.
ResumeCommand parse_resume(const Arguments& arguments);

/// Returns and throws as run_train.
int run_resume(const ResumeCommand& command);

}  // namespace ppo
