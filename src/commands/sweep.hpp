// The sweep verb: tries many values of a config's keys and trains the best again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/sweep/sweep_plan.hpp"
#include "config/verb.hpp"

namespace ppo {

struct SweepCommand {
  SweepConfig sweep;
  std::string config_name;                   // names the folder
  std::optional<std::filesystem::path> out;  // --out DIR: must not exist
  bool quiet = false;
};

Verb sweep_verb();

/// Reads the sweep. Throws Failure(kWrongInput).
SweepCommand parse_sweep(const Arguments& arguments);

/// Returns and throws as run_train.
int run_sweep(const SweepCommand& command);

}  // namespace ppo
