// The export verb: a trained agent as a file for other programs.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Writes the agent in the format asked for. Returns 0; throws Failure.
int run_export(const ExportCommand& command);

}  // namespace ppo
