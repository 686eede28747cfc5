#include "film/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ppo {
namespace {

/// The pixels that touch a box of coordinates; those far outside of any picture are as good as infinite.
Rect pixels_around(float left, float top, float right, float bottom) {
  const auto whole = [](float coordinate) { return static_cast<int>(std::clamp(coordinate, -1e6F, 1e6F)); };
  if (!(left <= right && top <= bottom)) return {};  // not a number
  constexpr float kMargin = 1;                       // smooth edges reach half a pixel out
  return {whole(std::floor(left - kMargin)), whole(std::floor(top - kMargin)),
          whole(std::ceil(right + kMargin)), whole(std::ceil(bottom + kMargin))};
}

/// An edge of a convex polygon: how far inside of it a point is [pixels].
struct Edge {
  float x, y, offset;
  float depth(float at_x, float at_y) const { return x * at_x + y * at_y - offset; }
};

struct Edges {
  Edge edge[Shape::kMostCorners];
  int count = 0;
};

Edges edges_of(const Shape& shape, const Projection& projection) {
  Point corner[Shape::kMostCorners];
  float area = 0;
  Edges edges;
  const int count = shape.corner_count;
  for (int i = 0; i < count; ++i) corner[i] = projection(shape.corner[i]);
  for (int i = 0; i < count; ++i) {
    const Point& next = corner[(i + 1) % count];
    area += corner[i].x * next.y - next.x * corner[i].y;
  }
  const float inside = area > 0 ? 1.0F : -1.0F;
  for (int i = 0; i < count; ++i) {
    const Point& from = corner[i];
    const Point& to = corner[(i + 1) % count];
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    if (length == 0) continue;
    Edge edge{-inside * (to.y - from.y) / length, inside * (to.x - from.x) / length, 0};
    edge.offset = edge.x * from.x + edge.y * from.y;
    edges.edge[edges.count++] = edge;
  }
  return edges;
}

/// How far a point is from a curve [pixels], with its points as `corner`.
float distance(const Point* corner, int count, float x, float y) {
  float least = std::numeric_limits<float>::infinity();  // squared
  for (int i = 0; i + 1 < count; ++i) {
    const Point along{corner[i + 1].x - corner[i].x, corner[i + 1].y - corner[i].y};
    const Point to{x - corner[i].x, y - corner[i].y};
    const float square = along.x * along.x + along.y * along.y;
    const float share =
        square > 0 ? std::clamp((to.x * along.x + to.y * along.y) / square, 0.0F, 1.0F) : 0.0F;
    const Point off{to.x - share * along.x, to.y - share * along.y};
    least = std::min(least, off.x * off.x + off.y * off.y);
  }
  return std::sqrt(least);
}

float ramp(float depth) {
  return std::clamp(0.5F + depth, 0.0F, 1.0F);
}

std::uint8_t mix(std::uint8_t below, std::uint8_t above, float share) {
  const auto from = static_cast<float>(below);
  return static_cast<std::uint8_t>(std::lround(from + share * (static_cast<float>(above) - from)));
}

}  // namespace

Rect intersection(const Rect& a, const Rect& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

Rect bounding(const Rect& a, const Rect& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

Projection::Projection(const View& view, const Rect& area) {
  const float width = view.right - view.left;
  const float height = view.top - view.bottom;
  const auto area_width = static_cast<float>(area.width());
  const auto area_height = static_cast<float>(area.height());
  pixels_per_unit = std::min(area_width / width, area_height / height);
  origin.x = static_cast<float>(area.left) + area_width / 2 - pixels_per_unit * (view.left + view.right) / 2;
  origin.y = static_cast<float>(area.top) + area_height / 2 + pixels_per_unit * (view.bottom + view.top) / 2;
}

Rect bounds(const Shape& shape, const Projection& projection) {
  if (shape.corner_count == 0) {
    const Point centre = projection(shape.centre);
    const float radius = projection.pixels_per_unit * shape.radius;
    return pixels_around(centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius);
  }
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Point least{kInfinity, kInfinity};
  Point most{-kInfinity, -kInfinity};
  for (int i = 0; i < shape.corner_count; ++i) {
    const Point corner = projection(shape.corner[i]);
    least = {std::min(least.x, corner.x), std::min(least.y, corner.y)};
    most = {std::max(most.x, corner.x), std::max(most.y, corner.y)};
  }
  const float around = projection.pixels_per_unit * shape.width / 2;
  return pixels_around(least.x - around, least.y - around, most.x + around, most.y + around);
}

Canvas::Canvas(const ImageSize& size)
    : size_(size),
      pixels_(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height), kWhite) {}

void Canvas::fill(const Rect& area, Colour colour) {
  const Rect inside = intersection(area, whole());
  if (inside.empty()) return;
  for (int y = inside.top; y < inside.bottom; ++y) {
    std::fill_n(pixels_.begin() + static_cast<std::ptrdiff_t>(index(inside.left, y)), inside.width(), colour);
  }
}

template <class Coverage>
void Canvas::cover(const Rect& area, Colour colour, Coverage coverage) {
  for (int y = area.top; y < area.bottom; ++y) {
    for (int x = area.left; x < area.right; ++x) {
      const float share = coverage(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
      if (share <= 0) continue;
      Colour& pixel = pixels_[index(x, y)];
      pixel = {mix(pixel.red, colour.red, share), mix(pixel.green, colour.green, share),
               mix(pixel.blue, colour.blue, share)};
    }
  }
}

void Canvas::draw(const Shape& shape, const Projection& projection, const Rect& clip) {
  const Rect area = intersection(intersection(bounds(shape, projection), clip), whole());
  if (area.empty()) return;
  if (shape.corner_count == 0) {
    const Point centre = projection(shape.centre);
    const float radius = projection.pixels_per_unit * shape.radius;
    if (radius <= 0) return;
    cover(area, shape.colour,
          [&](float x, float y) { return ramp(radius - std::hypot(x - centre.x, y - centre.y)); });
    return;
  }
  if (shape.width > 0) {
    Point corner[Shape::kMostCorners];
    for (int i = 0; i < shape.corner_count; ++i) corner[i] = projection(shape.corner[i]);
    const float around = projection.pixels_per_unit * shape.width / 2;
    cover(area, shape.colour,
          [&](float x, float y) { return ramp(around - distance(corner, shape.corner_count, x, y)); });
    return;
  }
  // The product of what each edge lets through: exact for boxes that lie straight, near enough for all.
  const Edges edges = edges_of(shape, projection);
  if (edges.count < 3) return;
  cover(area, shape.colour, [&](float x, float y) {
    float share = 1;
    for (int i = 0; i < edges.count && share > 0; ++i) share *= ramp(edges.edge[i].depth(x, y));
    return share;
  });
}

}  // namespace ppo
