// Pieces of a chart as an SVG.
#pragma once

#include <string>
#include <string_view>

namespace ppo {

struct Axis {
  double least, most;    // of the values
  double begin, extent;  // where they are drawn [pixels]; a negative extent goes up

  double operator()(double value) const { return begin + (value - least) / (most - least) * extent; }
};

/// One decimal, of pixels.
std::string decimal(double value);

/// Cut so that a line holds it.
std::string short_name(const std::string& name);

std::string line(std::string_view style, double x1, double y1, double x2, double y2);
std::string label(std::string_view attributes, double x, double y, const std::string& text);

/// A dot, on a line from `low` to `high`.
std::string circle(std::string_view style, double x, double y, double low, double high);

}  // namespace ppo
