// Films: episodes of a trained agent as an animated GIF, or one moment of them as a PNG.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "environment.hpp"

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
};

/// The film of the actor in `params` [P] as a file's bytes: a GIF that loops at the speed of the world, or,
/// if `file` ends in .png, the moment in the middle of the first episode. Throws Failure.
std::string film(const std::filesystem::path& file, const Environment& environment,
                 std::span<const float> params, const FilmOptions& options);

}  // namespace ppo
