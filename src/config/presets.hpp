// The configs that are built into the binary: the files of configs/, embedded by cmake/embed.cmake.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

struct Preset {
  std::string_view name;  // the file's name without .toml
  std::string_view toml;
  bool is_sweep;  // has the tables of one
};

/// First those to train with, then the sweeps, in the order in which CMake was given the files.
std::span<const Preset> presets();
std::span<const Preset> training_presets();
std::span<const Preset> sweep_presets();

/// `name` with or without .toml; nullptr when there is none.
const Preset* find_preset(std::string_view name);

std::vector<std::string> names_of(std::span<const Preset> some);

/// The preset's first line, which is a comment that says what it is for.
std::string_view description(const Preset& preset);

/// A line each: name and description.
std::string list_presets();

}  // namespace ppo
