// Writes a config as TOML.
#pragma once

#include <string>

#include "config/config.hpp"

namespace ppo {

/// All keys with their values, grouped and commented; reading it gives the same config, bit by bit.
std::string to_toml(const Config& config);

/// A line of a written config: `assignment` with a comment behind it, in a column of its own if it is short.
std::string commented(std::string assignment, const std::string& comment);

}  // namespace ppo
