// An animated GIF that plays in a loop, written by giflib into memory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "film/canvas.hpp"
#include "film/palette.hpp"

struct GifFileType;

namespace ppo {

class Gif {
 public:
  Gif(const ImageSize& size, Palette palette);
  ~Gif();
  Gif(const Gif&) = delete;
  Gif& operator=(const Gif&) = delete;

  /// Adds the picture for `centiseconds`. It may differ from the one before within `changed` only: no more
  /// than what has changed is stored. The first frame is stored whole.
  void add(const Canvas& canvas, const Rect& changed, int centiseconds);

  /// The file's bytes, once all frames are in.
  std::string finish();

 private:
  /// Takes over the pixels of `area`; returns the part of it that is new.
  Rect renew(const Canvas& canvas, const Rect& area);
  void check(int result) const;

  ImageSize size_;
  Palette palette_;
  std::vector<std::uint8_t> indices_;  // [height][width] of the latest frame
  bool first_ = true;
  std::string bytes_;
  GifFileType* gif_;
};

}  // namespace ppo
