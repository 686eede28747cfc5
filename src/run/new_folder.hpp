// Creates the folder that a command leaves its results in.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ppo {

/// Creates `out`, or PARENT/<name>-s<seed>-<UTC time>, where two that start within a second get -2, -3, ...
/// Throws Failure(kWrongInput) when `out` exists.
std::filesystem::path create_new_folder(const std::optional<std::filesystem::path>& out, const char* parent,
                                        const std::string& name, std::uint64_t seed);

}  // namespace ppo
