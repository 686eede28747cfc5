// The folder of a sweep. Whatever is killed while it writes leaves one that can be gone on with.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "run/folder_lock.hpp"
#include "sweep/sweep.hpp"

namespace ppo {

class SweepFolder {
 public:
  /// Creates `out`, or sweeps/<name>-s<seed>-<UTC time>, with sweep.toml. Throws Failure: kWrongInput when
  /// `out` exists, kRunFailed when it cannot be written.
  SweepFolder(const SweepConfig& sweep, const std::optional<std::filesystem::path>& out,
              const std::string& name);

  /// Goes on in one that is there. Throws Failure(kRunFailed) when another process works in it.
  explicit SweepFolder(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }

  /// Where the sweep stands; at its beginning if nothing has been saved yet.
  SweepState load(const SweepConfig& sweep) const;

  /// Saves where it stands.
  void save(const SweepConfig& sweep, const SweepState& state) const;

  /// Writes the tables, sweep.json and, once it is complete, the best config.
  void write_results(const SweepConfig& sweep, const SweepState& state) const;

  /// Writes facts.json, the only file that differs between machines, and removes what only going on needs.
  /// `engine` is where the last agents trained; none: where a sweep is resumed that had nothing left to
  /// train.
  void finish(const SweepState& state, const std::optional<EngineInfo>& engine) const;

 private:
  void write(const char* name, const std::string& content) const;

  std::filesystem::path path_;
  std::optional<FolderLock> lock_;  // always, once it is constructed
};

/// Whether the sweep of that folder has come to its end.
bool has_ended(const std::filesystem::path& folder);

}  // namespace ppo
