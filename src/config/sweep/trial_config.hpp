// The config of a trial: that of the sweep with the values of a point of its space.
#pragma once

#include <span>
#include <vector>

#include "config/sweep/sweep_plan.hpp"

namespace ppo {

/// `point` has a value for each dimension, in their order. Throws Failure(kWrongInput) for values that do not
/// fit together; it names the dimension and the combination.
Config trial_config(const SweepConfig& sweep, std::span<const Value> point);

/// The point of trial 0: the values of the config as it stands, which need not lie in the space.
std::vector<Value> own_point(const SweepConfig& sweep);

/// Throws as trial_config if some combination of num_envs, num_steps and num_minibatches in the space does
/// not fit, provided that there are few enough to try all.
void check_combinations(const SweepConfig& sweep);

}  // namespace ppo
