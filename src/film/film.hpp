// Films: episodes of a trained agent as an animated GIF, or one moment of them as a PNG.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "engine/agent_state.hpp"
#include "engine/environment.hpp"

namespace ppo {

struct ImageSize {
  static constexpr int kLeast = 16;
  static constexpr int kMost = 4096;
  int width = 600;  // [pixels]
  int height = 400;
};

struct FilmOptions {
  EvalOptions play{.episodes = 1};
  ImageSize size;
  bool quiet = true;  // shows no progress
};

/// The film of the policy as a file's bytes: a GIF that loops at the speed of the world, or,
/// if `file` ends in .png, the moment in the middle of all that it played. Throws Failure.
std::string film(const std::filesystem::path& file, const Environment& environment,
                 const TrainedPolicy& policy, const FilmOptions& options);

struct FilmAndStill {
  std::string gif;
  std::string png;
};

/// Both of the same play. Throws Failure.
FilmAndStill film_and_still(const Environment& environment, const TrainedPolicy& policy,
                            const FilmOptions& options);

/// An agent at a moment of its training.
struct Snapshot {
  double percent;  // of training that it had behind it
  TrainedPolicy policy;
};

/// One episode of each snapshot, of several the one with the median return, in one captioned GIF, two beside
/// each other. Throws Failure.
std::string training_film(const Environment& environment, std::span<const Snapshot> snapshots,
                          const EvalOptions& options);

}  // namespace ppo
