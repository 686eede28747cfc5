// A curve with axes, drawn in characters.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "terminal/colour.hpp"

namespace ppo {

struct ChartPoint {
  double x;
  double y;
};

/// What a chart shows.
struct ChartCurve {
  std::span<const ChartPoint> points;  // by x, from 0; those that are not finite are left out
  double x_most;                       // where the x axis ends: above 0
  double y_reach;                      // the y axis holds 0, this value and all points
};

/// What a chart is drawn in.
struct ChartSize {
  std::size_t columns;  // of the whole, with the labels on the left
  std::size_t rows;     // of the curve; the axis below takes kAxisRows more
  bool utf8;            // braille, with 2 x 4 dots a cell; otherwise ASCII, with 1 x 2
};

constexpr std::size_t kAxisRows = 2;

/// The lines of a chart, size.rows + kAxisRows of them. None where there is no room for one: fewer than 2
/// rows, or 8 columns for the curve.
std::vector<std::string> draw_chart(const ChartCurve& curve, const ChartSize& size, const Style& style);

}  // namespace ppo
