// sweep.json: what was asked for and what was found, for programs.
#pragma once

#include <string>

#include "sweep/sweep.hpp"

namespace ppo {

std::string sweep_json(const SweepConfig& sweep, const SweepState& state);

}  // namespace ppo
