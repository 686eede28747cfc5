// Where the checkpoints of a run folder are: checkpoints/<update>.safetensors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace ppo {

struct CheckpointFile {
  std::int64_t update;  // the next one to run
  std::filesystem::path path;
};

std::filesystem::path checkpoint_folder(const std::filesystem::path& run);
std::filesystem::path checkpoint_path(const std::filesystem::path& run, std::int64_t update);

/// RUN if `folder` is RUN/checkpoints of a run, wherever links and dots lead.
std::optional<std::filesystem::path> run_of_checkpoints(const std::filesystem::path& folder);

/// Those of the run, oldest first; none if it has no such folder. Throws Failure(kRunFailed) when the folder
/// cannot be read, or what has a checkpoint's name cannot be looked at.
std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& run);

/// Removes all but the newest `keep`. Throws Failure(kRunFailed) when some cannot be removed.
void prune_checkpoints(const std::filesystem::path& run, std::size_t keep);

/// Removes those behind `update`, and what a killed process has left half written, for good. The folder must
/// be there. Throws Failure(kRunFailed).
void drop_checkpoints_behind(const std::filesystem::path& run, std::int64_t update);

}  // namespace ppo
