// Runs a sweep in its folder: what is saved when, and what is shown.
#pragma once

#include "sweep/folder/sweep_folder.hpp"

namespace ppo {

/// Goes on to the end, or to a stop signal. Returns the exit code.
int conduct(const SweepConfig& sweep, SweepState state, const SweepFolder& folder, bool quiet);

/// Throws Failure(kWrongInput), at the place of `trials`, where such a sweep needs more memory than there is.
void check_memory(const SweepConfig& sweep);

}  // namespace ppo
