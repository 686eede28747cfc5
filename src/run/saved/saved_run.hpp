// A run that is read back from its folder.
#pragma once

#include <filesystem>

#include "config/config.hpp"
#include "engine/environment.hpp"

namespace ppo {

struct SavedRun {
  std::filesystem::path folder;
  Config config;
  const Environment* environment;
};

/// Reads the config. Throws Failure(kWrongInput) when the folder holds no run or a damaged config.
SavedRun open_run(const std::filesystem::path& folder);

}  // namespace ppo
