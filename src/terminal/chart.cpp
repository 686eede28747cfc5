#include "terminal/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "system/text.hpp"
#include "system/ticks.hpp"

namespace ppo {
namespace {

constexpr std::size_t kLeastColumns = 8;  // of a curve that shows anything
constexpr std::size_t kLeastRows = 2;

/// The characters of a chart. A cell has across x down dots; dot (x, y) of it, from the top left, is bit
/// [y][x] of the cell's pattern.
struct Charset {
  std::size_t across;
  std::size_t down;
  std::array<std::array<std::uint8_t, 2>, 4> bits;
  std::string (*cell)(std::uint8_t pattern);  // which is not 0
  const char* side;
  const char* side_tick;
  const char* corner;
  const char* bottom;
  const char* bottom_tick;
};

/// U+2800 and the pattern above it.
std::string braille(std::uint8_t pattern) {
  return {'\xE2', static_cast<char>(0xA0 + (pattern >> 6)), static_cast<char>(0x80 + (pattern & 0x3F))};
}

std::string halves(std::uint8_t pattern) {
  constexpr std::string_view kCells = " '.:";
  return {kCells[pattern]};
}

constexpr Charset kBraille = {.across = 2,
                              .down = 4,
                              .bits = {{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}},
                              .cell = braille,
                              .side = "│",
                              .side_tick = "┤",
                              .corner = "└",
                              .bottom = "─",
                              .bottom_tick = "┬"};
constexpr Charset kAscii = {.across = 1,
                            .down = 2,
                            .bits = {{{0x01}, {0x02}}},
                            .cell = halves,
                            .side = "|",
                            .side_tick = "+",
                            .corner = "+",
                            .bottom = "-",
                            .bottom_tick = "+"};

/// Cells of dots, dot (0, 0) at the bottom left.
class Dots {
 public:
  Dots(const Charset& charset, std::size_t columns, std::size_t rows)
      : charset_(charset), columns_(columns), rows_(rows), patterns_(columns * rows) {}

  double right() const { return static_cast<double>(columns_ * charset_.across - 1); }
  double top() const { return static_cast<double>(rows_ * charset_.down - 1); }

  /// Both ends are within 0 to right() and top().
  void line(ChartPoint from, ChartPoint to) {
    const double length = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
    const double pieces = std::max(1.0, std::ceil(length));
    for (double i = 0; i <= pieces; ++i) {
      set(std::lerp(from.x, to.x, i / pieces), std::lerp(from.y, to.y, i / pieces));
    }
  }

  /// Row 0 is the topmost.
  std::string row(std::size_t row) const {
    std::string text;
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::uint8_t pattern = patterns_[row * columns_ + column];
      text += pattern == 0 ? " " : charset_.cell(pattern);
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  std::size_t row_of(double y) const {
    return rows_ - 1 - static_cast<std::size_t>(std::lround(y)) / charset_.down;
  }
  std::size_t column_of(double x) const { return static_cast<std::size_t>(std::lround(x)) / charset_.across; }

 private:
  void set(double x, double y) {
    const std::size_t across = static_cast<std::size_t>(std::lround(x)) % charset_.across;
    const std::size_t down = charset_.down - 1 - static_cast<std::size_t>(std::lround(y)) % charset_.down;
    patterns_[row_of(y) * columns_ + column_of(x)] |= charset_.bits[down][across];
  }

  const Charset& charset_;
  std::size_t columns_;
  std::size_t rows_;
  std::vector<std::uint8_t> patterns_;  // [rows][columns]
};

std::vector<ChartPoint> finite(std::span<const ChartPoint> points) {
  std::vector<ChartPoint> all(points.begin(), points.end());
  std::erase_if(all,
                [](const ChartPoint& point) { return !std::isfinite(point.x) || !std::isfinite(point.y); });
  return all;
}

/// From the lowest label to the highest.
std::vector<double> y_ticks(std::span<const ChartPoint> points, double reach, std::size_t rows) {
  double least = std::min(0.0, reach);
  double most = std::max(0.0, reach);
  for (const ChartPoint& point : points) {
    least = std::min(least, point.y);
    most = std::max(most, point.y);
  }
  return axis_ticks(least, most, std::clamp(static_cast<int>(rows / 2), 1, 5));
}

std::string right_aligned(const std::string& text, std::size_t columns) {
  return std::string(columns - std::min(columns, text.size()), ' ') + text;
}

/// The axis and, below it, the labels of those ticks that have room for one.
std::array<std::string, kAxisRows> x_axis(double most, const Charset& charset, const Dots& dots,
                                          std::size_t columns) {
  std::vector<const char*> cells(columns, charset.bottom);
  std::string labels;
  for (const double tick : axis_ticks(0, most, std::clamp(static_cast<int>(columns / 8), 2, 6))) {
    if (tick > most) continue;
    const std::size_t column = dots.column_of(tick / most * dots.right());
    const std::string label = tick_label(tick);
    if (label.size() > columns) continue;
    const std::size_t centred = column - std::min(column, (label.size() - 1) / 2);
    const std::size_t begin = std::min(centred, columns - label.size());
    if (!labels.empty() && begin < labels.size() + 1) continue;
    cells[column] = charset.bottom_tick;
    labels.resize(begin, ' ');
    labels += label;
  }
  std::string axis = charset.corner;
  for (const char* cell : cells) axis += cell;
  return {axis, ' ' + labels};
}

}  // namespace

std::vector<std::string> draw_chart(const ChartCurve& curve, const ChartSize& size, const Style& style) {
  const std::vector<ChartPoint> points = finite(curve.points);
  const std::vector<double> ticks = y_ticks(points, curve.y_reach, size.rows);
  std::size_t margin = 0;  // for the labels on the left, with a space behind
  for (const double tick : ticks) margin = std::max(margin, tick_label(tick).size() + 1);
  if (size.rows < kLeastRows || size.columns < margin + 1 + kLeastColumns) return {};

  const Charset& charset = size.utf8 ? kBraille : kAscii;
  const std::size_t columns = size.columns - margin - 1;
  Dots dots(charset, columns, size.rows);
  const double span = ticks.back() - ticks.front();
  const auto height = [&](double y) { return (y - ticks.front()) / span * dots.top(); };
  const auto place = [&](const ChartPoint& point) {
    return ChartPoint{std::clamp(point.x / curve.x_most, 0.0, 1.0) * dots.right(), height(point.y)};
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    dots.line(place(points[i == 0 ? 0 : i - 1]), place(points[i]));
  }

  std::vector<std::string> labels(size.rows);
  for (const double tick : ticks) labels[dots.row_of(height(tick))] = tick_label(tick);
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < size.rows; ++row) {
    const std::string side = labels[row].empty() ? charset.side : charset.side_tick;
    lines.push_back(style.dim(right_aligned(labels[row], margin - 1) + ' ' + side) +
                    style.curve(dots.row(row)));
  }
  for (const std::string& line : x_axis(curve.x_most, charset, dots, columns)) {
    lines.push_back(style.dim(std::string(margin, ' ') + line));
  }
  return lines;
}

}  // namespace ppo
