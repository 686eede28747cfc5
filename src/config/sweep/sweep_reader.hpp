// Reads a sweep: a config with the tables [sweep] and [sweep.space].
#pragma once

#include <string>
#include <string_view>

#include "config/sweep/sweep_plan.hpp"
#include "config/sweep/sweep_settings.hpp"

namespace ppo {

/// Sets what `text` says. Errors are as read_toml's; that there is nothing to sweep is one.
void read_sweep_toml(std::string_view text, const std::string& file, SweepSettings& settings);

/// The sweep that the text describes, on top of the defaults and checked. Throws Failure(kWrongInput).
SweepConfig read_sweep(std::string_view text, const std::string& file);

}  // namespace ppo
