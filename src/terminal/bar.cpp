#include "terminal/bar.hpp"

#include <algorithm>
#include <array>

namespace ppo {
namespace {

std::string repeated(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// A cell in eighths, from the left; a full one is not among them.
constexpr std::array<const char*, 8> kEighths = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

}  // namespace

std::string bar(double share, std::size_t cells, bool utf8) {
  const std::size_t steps = utf8 ? kEighths.size() : 1;  // that a cell fills up in
  const double filled = std::clamp(share, 0.0, 1.0) * static_cast<double>(cells * steps);
  const auto done = static_cast<std::size_t>(filled);
  const std::size_t full = done / steps;
  if (!utf8) return '[' + repeated("#", full) + repeated(" ", cells - full) + ']';
  std::string inside = repeated("█", full);
  if (full < cells) inside += kEighths[done % steps] + repeated(" ", cells - full - 1);
  return "▕" + inside + "▏";
}

}  // namespace ppo
