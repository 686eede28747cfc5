// The eval verb.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Plays the agents of a finished run and prints what they scored. Returns 0; throws Failure.
int run_eval(const EvalCommand& command);

}  // namespace ppo
