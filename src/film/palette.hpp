// The 256 colours of a GIF.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "ppo/scene.hpp"

namespace ppo {

/// The colours that scenes are drawn with, and the blends of every two of them that smooth edges show.
class Palette {
 public:
  static constexpr std::size_t kMost = 256;

  /// Colours behind the first 22 are left out: their pixels take the nearest of the others.
  explicit Palette(std::span<const Colour> colours);

  std::span<const Colour> colours() const { return colours_; }

  /// The index of the nearest colour.
  std::uint8_t nearest(Colour colour);

 private:
  std::vector<Colour> colours_;
  std::unordered_map<std::uint32_t, std::uint8_t> known_;
};

}  // namespace ppo
