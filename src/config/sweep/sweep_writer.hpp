// Writes a sweep as TOML.
#pragma once

#include <string>

#include "config/sweep/sweep_plan.hpp"
#include "config/toml_writer.hpp"

namespace ppo {

/// The config as to_toml writes it, then the tables; reading it gives the same sweep, bit by bit.
std::string to_toml(const SweepConfig& sweep);

/// The range or the list of a dimension: `{ min = 0.0001, max = 0.01, scale = "log" }`.
std::string range_text(const Dimension& dimension);

}  // namespace ppo
