// The flag of the verbs that make a folder of their own.
#pragma once

#include <filesystem>
#include <optional>

#include "config/flags.hpp"

namespace ppo {

/// What --out names, if it is given. Throws Failure(kWrongInput) for what is already there.
std::optional<std::filesystem::path> new_folder(const Arguments& arguments);

}  // namespace ppo
