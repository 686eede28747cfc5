// The export verb: a trained agent in the form that other programs take.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Writes the file and says what it holds. Returns the exit code. Throws Failure.
int run_export(const ExportCommand& command);

}  // namespace ppo
