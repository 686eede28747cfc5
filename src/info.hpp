// The info verb.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Prints what this program and this machine can do. Returns 0; that there is no GPU is no failure.
int run_info(const InfoCommand& command);

}  // namespace ppo
