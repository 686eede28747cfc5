// The folder of a run. Whoever writes other files into it, such as films or the report, checks with it first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "run/csv/metrics_csv.hpp"
#include "run/folder_lock.hpp"
#include "run/records.hpp"
#include "run/train_request.hpp"

namespace ppo {

/// Where a run is resumed.
struct Resumption {
  std::filesystem::path folder;
  Config saved;                   // as config.toml says now
  Config kept;                    // as it is to say from now on, if the run becomes longer
  std::int64_t update;            // the next one to run
  std::int64_t evaluated_at = 0;  // after so many updates last
  std::vector<std::optional<std::int64_t>> stopped_at = {};  // [K] after so many updates
  std::string best = {};        // the bytes of best.safetensors; empty: there is none yet
  std::string checkpoint = {};  // the bytes of that update's, if its file has not got its name in the folder
};

class RunFolder {
 public:
  /// Creates request.out, or runs/<config>-s<seed>-<UTC time>, with config.toml and the heads of the CSV
  /// files. Throws Failure: kWrongInput when request.out exists, kRunFailed when the folder cannot be
  /// written.
  explicit RunFolder(const TrainRequest& request);

  /// Goes on in the locked folder of a run: what is behind the update is dropped, and best.safetensors is as
  /// it was then.
  /// Throws Failure: kWrongInput when the rows before it are damaged, kRunFailed.
  RunFolder(FolderLock lock, const Resumption& resumption);

  const std::filesystem::path& path() const { return path_; }
  MetricsSink& metrics() { return *csv_; }

  /// Writes the checkpoint of that update, once all rows before it are safe. May be called while another
  /// thread adds rows.
  void save_checkpoint(std::int64_t update, std::string_view bytes);

  /// Whether resume will find the checkpoint of that update.
  bool holds_checkpoint(std::int64_t update) const;

  /// Writes policy.safetensors.
  void save_policy(const Config& config, const Engine& engine) const;

  /// Writes best.safetensors. May be called while another thread does other things.
  void save_best(std::string_view bytes) const;

  /// Writes run.json, which comes last: where it is, all else is.
  void finish(const TrainRequest& request, const EngineInfo& engine, const Outcome& outcome) const;

  /// Throws Failure(kRunFailed) when the path does not lead to the folder any more: another run may be there.
  void check_place() const;

 private:
  std::filesystem::path best_path() const;

  std::filesystem::path path_;
  std::optional<FolderLock> lock_;  // always, once it is constructed
  std::optional<CsvSink> csv_;
  bool names_are_synced_ = false;  // the folder's and those in it
};

}  // namespace ppo
