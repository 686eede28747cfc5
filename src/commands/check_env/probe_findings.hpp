// What follows from a probe of an environment: its defects, and advice on how to train on it.
#pragma once

#include <string>
#include <vector>

#include "engine/environment.hpp"

namespace ppo {

/// What would spoil training: what, where, and what to do about it.
std::vector<std::string> defects_of(const EnvironmentInfo& info, const ProbeOptions& options,
                                    const ProbeReport& report);

/// What may help it.
std::vector<std::string> advice_for(const EnvironmentInfo& info, const ProbeOptions& options,
                                    const ProbeReport& report);

/// Standard deviation; 0 of no numbers.
double deviation(const NumberStats& stats);

}  // namespace ppo
