// A request to train: the config, what to save, and which extras to make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/sweep/schedule.hpp"

namespace ppo {

/// What train makes besides the run folder's own files. An empty path means the default name in the run
/// folder.
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
  bool draws_curve = false;  // of the return, in place of progress lines
  Extras extras = {};
  std::shared_ptr<const Schedule> schedule = {};  // --replay; nullptr: nothing changes on the way
  std::vector<std::string> arguments = {};        // as given, for run.json
};

}  // namespace ppo
