// Population-based training (Jaderberg et al. 2017): what happens to trials at a rung.
#pragma once

#include <cstdint>
#include <vector>

#include "sweep/trial.hpp"

namespace ppo {

/// The lower quarter copies parameters, moments and statistics of trials of the upper quarter, and tries
/// values near theirs. Environments and seeds stay, but for an agent that has diverged: it goes on with a
/// copy of the other's environments. Trial 0, the config as it stands, never copies. `rung` is the number of
/// the one just passed.
void exploit_and_explore(const SweepConfig& sweep, std::int64_t rung, std::int64_t since, std::int64_t steps,
                         std::vector<Trial>& trials);

/// The values of that schedule's line that holds from so many steps on.
Config scheduled_config(const SweepConfig& sweep, const std::vector<ScheduleLine>& schedule,
                        std::int64_t steps);

}  // namespace ppo
