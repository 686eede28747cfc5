// Finds and reads the config that the user names: a file or a preset.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "config/presets.hpp"
#include "config/settings.hpp"

namespace ppo {

/// A config as the user named it.
struct FoundConfig {
  std::string text;
  std::string file;                // for errors: "my.toml", "preset cartpole"
  std::string name;                // its own: the file's without .toml, or the preset's
  const Preset* preset = nullptr;  // if it is one
};

/// Finds NAME, which is, in this order:
///   1. the path of anything that exists and is no folder: it is read, if it is a regular file;
///   2. a preset, with or without .toml;
///   3. an error, which says that `flag` is wrong and lists `offered`.
FoundConfig find_config(const std::string& name, const std::string& flag, std::span<const Preset> offered);

/// Applies `--config NAME`. Returns the config's own name.
std::string apply_config(const std::string& name, Settings& settings);

/// A config's text, on top of the defaults and checked; `file` names it in errors.
Config parse_config(std::string_view text, const std::string& file);

/// Whether the folder is one that train has saved. Throws Failure(kWrongInput) when nobody can see that.
bool holds_config(const std::filesystem::path& folder);

/// In the folder of a sweep: its config and tables.
inline constexpr const char* kSweepFile = "sweep.toml";

/// The same of a folder that sweep has saved.
bool holds_sweep(const std::filesystem::path& folder);

/// Sets what the file says. Throws Failure(kWrongInput).
void apply_file(const std::filesystem::path& file, Settings& settings);

/// A saved config, on top of the defaults and checked. Throws Failure(kWrongInput) like the command line.
Config load_config(const std::filesystem::path& file);

}  // namespace ppo
