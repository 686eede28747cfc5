// Writes a config as TOML.
#pragma once

#include <string>

#include "config/config.hpp"

namespace ppo {

/// All keys with their values, grouped and commented; reading it gives the same config, bit by bit.
std::string to_toml(const Config& config);

}  // namespace ppo
