// The flags that set a config: --config, and one for each option.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/flags.hpp"
#include "config/settings.hpp"

namespace ppo {

Flag config_flag();
std::vector<Flag> option_flags();

/// The placeholder after the flag of a key in the help: "N".
std::string flag_placeholder(const Domain& domain);

/// Sets the options whose flags were given. Throws Failure(kWrongInput).
void apply_option_flags(const Arguments& arguments, Settings& settings);

struct NamedConfig {
  Config config;
  std::string name = "default";  // the file's stem or the preset
};

/// The config that the flags describe: a file or preset, then single options over it. Throws
/// Failure(kWrongInput).
NamedConfig read_config(const Arguments& arguments);

}  // namespace ppo
