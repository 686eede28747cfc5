// The config of a trial: that of the sweep with the values of a point of its space.
#pragma once

#include <span>
#include <vector>

#include "config/sweep/sweep_plan.hpp"

namespace ppo {

/// `point` has a value for each dimension, in their order. Throws Failure(kWrongInput) for values that do not
/// fit together; it names the dimension and the combination.
Config trial_config(const SweepConfig& sweep, std::span<const Value> point);

/// The values of a config for the keys of the space. Those of trial 0, the config as it stands, need not lie
/// in it.
std::vector<Value> values_of(const Config& config, const std::vector<Dimension>& space);

/// Throws as trial_config if some combination of num_envs, num_steps and num_minibatches in the space does
/// not fit, provided that there are few enough to try all.
void check_combinations(const SweepConfig& sweep);

}  // namespace ppo
