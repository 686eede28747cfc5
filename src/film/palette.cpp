#include "film/palette.hpp"

#include <algorithm>
#include <limits>

namespace ppo {
namespace {

constexpr std::size_t kMostPure = 22;    // with one blend of every two that makes 22 + 231 colours
constexpr std::size_t kMostBlends = 15;  // of two colours: more are not to be told apart

std::uint8_t blend(std::uint8_t a, std::uint8_t b, std::size_t step, std::size_t steps) {
  return static_cast<std::uint8_t>((a * (steps - step) + b * step + steps / 2) / steps);
}

int square(int number) {
  return number * number;
}

int distance(Colour a, Colour b) {
  return square(a.red - b.red) + square(a.green - b.green) + square(a.blue - b.blue);
}

}  // namespace

Palette::Palette(std::span<const Colour> colours) {
  for (const Colour& colour : colours) {
    const bool is_new = std::find(colours_.begin(), colours_.end(), colour) == colours_.end();
    if (is_new && colours_.size() < kMostPure) colours_.push_back(colour);
  }
  const std::size_t pure = colours_.size();
  if (pure < 2) return;
  const std::size_t blends = std::min(kMostBlends, (kMost - pure) / (pure * (pure - 1) / 2));
  for (std::size_t a = 0; a < pure; ++a) {
    for (std::size_t b = a + 1; b < pure; ++b) {
      for (std::size_t step = 1; step <= blends; ++step) {
        colours_.push_back({blend(colours_[a].red, colours_[b].red, step, blends + 1),
                            blend(colours_[a].green, colours_[b].green, step, blends + 1),
                            blend(colours_[a].blue, colours_[b].blue, step, blends + 1)});
      }
    }
  }
}

std::uint8_t Palette::nearest(Colour colour) {
  const std::uint32_t key =
      std::uint32_t{colour.red} << 16U | std::uint32_t{colour.green} << 8U | std::uint32_t{colour.blue};
  const auto [place, is_new] = known_.try_emplace(key, std::uint8_t{0});
  if (is_new) {
    int least = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < colours_.size(); ++i) {
      if (distance(colours_[i], colour) >= least) continue;
      least = distance(colours_[i], colour);
      place->second = static_cast<std::uint8_t>(i);
    }
  }
  return place->second;
}

}  // namespace ppo
