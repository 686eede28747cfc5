// Successive halving: which trials go on after a rung.
#pragma once

#include <cstdint>
#include <vector>

#include "sweep/trial.hpp"

namespace ppo {

/// Lets the better half of the trials in training go on, and cuts the others, but for those of the control,
/// which train on in any case and so show what cutting has cost.
void halve(const SweepConfig& sweep, double target, std::int64_t steps, std::vector<Trial>& trials);

/// Whether each trial is of the control: a random eighth of all but trial 0.
std::vector<bool> find_control(const SweepConfig& sweep);

}  // namespace ppo
