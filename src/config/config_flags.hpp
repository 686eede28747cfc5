// The flags by which a program takes a config: --config, and one for each option.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/flags.hpp"

namespace ppo {

Flag config_flag();
std::vector<Flag> option_flags();

struct NamedConfig {
  Config config;
  std::string name = "default";  // the file's stem or the preset
};

/// The config that the flags describe: a file or preset, then single options over it. Throws
/// Failure(kWrongInput).
NamedConfig read_config(const Arguments& arguments);

}  // namespace ppo
