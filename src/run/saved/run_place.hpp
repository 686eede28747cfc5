// Where the run or the checkpoint lies that a user names as RUN.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ppo {

struct RunPlace {
  std::optional<std::filesystem::path> run;         // its folder; none of a checkpoint that lies elsewhere
  std::optional<std::filesystem::path> checkpoint;  // if the run's folder is not what is named
};

/// The folder of a run, or any file, which is to be a checkpoint; its run is the one among whose checkpoints
/// it lies, wherever links lead. Throws Failure(kWrongInput) for another folder and for what is not there.
RunPlace find_run(const std::filesystem::path& named);

/// Why a path that is not the folder of a run is none, and what to write instead.
std::string no_run_text(const std::filesystem::path& folder);

}  // namespace ppo
