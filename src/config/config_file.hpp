// Finds and reads the config that a person names: a file, or a preset.
#pragma once

#include <filesystem>
#include <string>

#include "config/settings.hpp"

namespace ppo {

/// Applies `--config NAME`. NAME is, in this order:
///   1. the path of anything that exists and is no folder: it is read, if it is a regular file;
///   2. a preset, with or without .toml;
///   3. an error, which lists the presets.
/// Returns the config's own name: the file's without .toml, or the preset's.
std::string apply_config(const std::string& name, Settings& settings);

/// A saved config, on top of the defaults and checked. Throws Failure(kWrongInput) like the command line.
Config load_config(const std::filesystem::path& file);

}  // namespace ppo
