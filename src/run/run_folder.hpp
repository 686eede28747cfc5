// The folder that keeps a run. Nothing else writes into it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/command_line.hpp"
#include "engine.hpp"
#include "run/csv.hpp"
#include "run/records.hpp"

namespace ppo {

class RunFolder {
 public:
  /// Creates command.out, or runs/<config>-s<seed>-<UTC time>, with config.toml and the heads of the CSV
  /// files. Throws Failure: kWrongInput when command.out exists, kRunFailed when the folder cannot be
  /// written.
  explicit RunFolder(const TrainCommand& command);

  const std::filesystem::path& path() const { return path_; }
  MetricsSink& metrics() { return csv_; }

  /// Writes policy.safetensors, unless the run diverged, then run.json.
  void finish(const TrainCommand& command, const Engine& engine, const Outcome& outcome);

 private:
  std::filesystem::path path_;
  CsvSink csv_;
};

}  // namespace ppo
