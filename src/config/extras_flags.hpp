// The flags by which train and resume take what they make for a person to look at.
#pragma once

#include <vector>

#include "config/command_line.hpp"
#include "config/flags.hpp"

namespace ppo {

std::vector<Flag> extras_flags();

/// What the flags ask for. The command has all else. Throws Failure(kWrongInput).
Extras read_extras(const Arguments& arguments, const TrainCommand& command);

}  // namespace ppo
