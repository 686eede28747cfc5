// The policy that a run with init_from starts from.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "engine/engine.hpp"

namespace ppo {

/// The policies [num_seeds] of config.init_from, which must not be empty; one policy alone is given to all
/// agents. Sets config.init_from_hash, or holds the policies to it. Throws Failure(kWrongInput), naming
/// what does not fit.
std::vector<TrainedPolicy> read_initial_policies(Config& config);

/// Lets the engine's agents, which have not trained yet, go on from policies [num_seeds] with fresh moments
/// of Adam and fresh episodes; from none, they stay as they are.
void start_from(const std::vector<TrainedPolicy>& policies, Engine& engine);

}  // namespace ppo
