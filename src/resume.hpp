// The resume verb.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Goes on with a run as if it had never stopped. Returns and throws as run_train.
int run_resume(const ResumeCommand& command);

}  // namespace ppo
