// What an environment draws for films: a few shapes in its own units. Host only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace ppo {

struct Colour {
  std::uint8_t red, green, blue;
  constexpr bool operator==(const Colour&) const = default;
};

inline constexpr Colour kWhite{255, 255, 255};
inline constexpr Colour kBlack{0, 0, 0};

/// In world units, x to the right, y up.
struct Point {
  float x, y;
};

/// The part of the world shown in a picture, in world units.
struct View {
  float left, right, bottom, top;
  Colour background = kWhite;
};

/// One filled shape of one colour: a convex polygon, a disc or a curve.
struct Shape {
  static constexpr int kMostCorners = 8;

  Colour colour;
  int corner_count = 0;  // 0 for a disc; of a curve these are its points
  Point corner[kMostCorners] = {};
  Point centre = {0, 0};  // of a disc
  float radius = 0;
  float width = 0;  // of a curve, else 0
};

/// The shapes of one frame, from back to front. Shapes beyond kMostShapes are dropped.
class Scene {
 public:
  static constexpr int kMostShapes = 32;

  /// Three to Shape::kMostCorners corners in order, clockwise or counter-clockwise.
  void polygon(Colour colour, std::initializer_list<Point> corners) {
    if (corners.size() < 3) return;
    Shape shape{.colour = colour};
    for (const Point& corner : corners) {
      if (shape.corner_count < Shape::kMostCorners) shape.corner[shape.corner_count++] = corner;
    }
    add(shape);
  }

  /// A box of `width` x `height`, rotated counter-clockwise by `angle` [rad] about `centre`.
  void box(Colour colour, Point centre, float width, float height, float angle = 0) {
    const float c = std::cos(angle) / 2;
    const float s = std::sin(angle) / 2;
    const auto corner = [&](float x, float y) {
      return Point{centre.x + c * x - s * y, centre.y + s * x + c * y};
    };
    polygon(colour,
            {corner(-width, -height), corner(width, -height), corner(width, height), corner(-width, height)});
  }

  /// A straight line with square ends.
  void line(Colour colour, Point from, Point to, float width) {
    const Point middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
    box(colour, middle, std::hypot(to.x - from.x, to.y - from.y), width,
        std::atan2(to.y - from.y, to.x - from.x));
  }

  /// A line through two points or more, with round joints and ends. A shape holds Shape::kMostCorners of its
  /// points; the next one begins where it ends.
  void curve(Colour colour, std::span<const Point> points, float width) {
    if (!(width > 0)) return;
    constexpr std::size_t kMost = Shape::kMostCorners;
    for (; points.size() >= 2; points = points.subspan(std::min(points.size(), kMost) - 1)) {
      Shape shape{.colour = colour, .width = width};
      for (const Point& point : points.first(std::min(points.size(), kMost))) {
        shape.corner[shape.corner_count++] = point;
      }
      add(shape);
    }
  }

  void disc(Colour colour, Point centre, float radius) {
    add({.colour = colour, .centre = centre, .radius = radius});
  }

  const Shape* begin() const { return shapes_; }
  const Shape* end() const { return shapes_ + count_; }

 private:
  void add(const Shape& shape) {
    if (count_ < kMostShapes) shapes_[count_++] = shape;
  }

  int count_ = 0;
  Shape shapes_[kMostShapes] = {};
};

}  // namespace ppo
