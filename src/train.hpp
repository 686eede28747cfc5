// The train verb.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Trains, shows and keeps the run. Returns the exit code: 0, or 128 + the signal that stopped it. Throws
/// Failure.
int run_train(const TrainCommand& command);

}  // namespace ppo
