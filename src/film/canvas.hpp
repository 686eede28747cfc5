// A picture in memory, and the shapes of scenes drawn on it with smooth edges.
#pragma once

#include <vector>

#include "film/film.hpp"
#include "ppo/scene.hpp"

namespace ppo {

/// A part of a picture [pixels], y down from the top.
struct Rect {
  int left = 0;
  int top = 0;
  int right = 0;   // exclusive
  int bottom = 0;  // exclusive

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool empty() const { return right <= left || bottom <= top; }
  bool operator==(const Rect&) const = default;
};

Rect intersection(const Rect& a, const Rect& b);
Rect bounding(const Rect& a, const Rect& b);  // an empty one does not count

/// World units to pixels: the whole view, as large as fits into the middle of an area.
struct Projection {
  Projection(const View& view, const Rect& area);

  Point operator()(Point world) const {
    return {origin.x + pixels_per_unit * world.x, origin.y - pixels_per_unit * world.y};
  }

  float pixels_per_unit;
  Point origin;  // where the world's (0, 0) lies [pixels]
};

class Canvas {
 public:
  explicit Canvas(const ImageSize& size);

  const ImageSize& size() const { return size_; }
  Rect whole() const { return {0, 0, size_.width, size_.height}; }

  void fill(const Rect& area, Colour colour);

  /// Draws over what is there, but nothing outside of `clip`. A pixel takes as much of the shape's colour as
  /// the shape covers of it.
  void draw(const Shape& shape, const Projection& projection, const Rect& clip);

  Colour pixel(int x, int y) const { return pixels_[index(x, y)]; }
  const Colour* data() const { return pixels_.data(); }  // [height][width]

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) + static_cast<std::size_t>(x);
  }

  template <class Coverage>
  void cover(const Rect& area, Colour colour, Coverage coverage);

  ImageSize size_;
  std::vector<Colour> pixels_;
};

/// The pixels that the shape may touch.
Rect bounds(const Shape& shape, const Projection& projection);

}  // namespace ppo
