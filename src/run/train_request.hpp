// What is asked of a training run: the config, and what is to be kept and made of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace ppo {

/// What train makes besides the run folder's files, for a person to look at. An empty path is the usual name
/// in the run folder.
struct Extras {
  std::optional<std::filesystem::path> film;           // --render
  std::optional<std::filesystem::path> training_film;  // --render-training
  bool report = false;
  bool tensorboard = false;  // one event file an agent, open all the time:
  static constexpr std::int64_t kMostEventFiles = 256;
};

struct TrainRequest {
  Config config;
  std::string config_name;                   // names the run folder
  std::optional<std::filesystem::path> out;  // --out DIR: must not exist
  bool keep_nothing = false;                 // --no-out
  bool quiet = false;
  Extras extras = {};
  std::vector<std::string> arguments = {};  // as given, for run.json
};

}  // namespace ppo
