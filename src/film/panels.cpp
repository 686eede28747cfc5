#include "film/panels.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "film/gif.hpp"
#include "terminal/progress.hpp"

namespace ppo {
namespace {

constexpr Colour kOver{232, 232, 232};          // behind a scene that stays because it was the last
constexpr std::int64_t kLeastCentiseconds = 2;  // of a frame; browsers slow down shorter ones

bool equal(const Shape& a, const Shape& b) {
  const auto same = [](const Point& p, const Point& q) { return p.x == q.x && p.y == q.y; };
  return a.colour == b.colour && a.corner_count == b.corner_count && a.radius == b.radius &&
         a.width == b.width && same(a.centre, b.centre) &&
         std::equal(a.corner, a.corner + a.corner_count, b.corner, same);
}

/// The pixels of all shapes that only one of two scenes has.
Rect difference(std::span<const Shape> a, std::span<const Shape> b, const Projection& projection) {
  Rect changed;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && equal(a[i], b[i])) continue;
    if (i < a.size()) changed = bounding(changed, bounds(a[i], projection));
    if (i < b.size()) changed = bounding(changed, bounds(b[i], projection));
  }
  return changed;
}

}  // namespace

Panels::Panels(const EnvironmentInfo& environment, std::vector<Panel> panels)
    : view_(environment.view), panels_(std::move(panels)) {}

std::size_t Panels::length() const {
  std::size_t length = 0;
  for (const Panel& panel : panels_) length = std::max(length, panel.footage->size());
  return length;
}

std::vector<Colour> Panels::colours() const {
  std::vector<Colour> colours = {view_.background, kOver};
  for (const Panel& panel : panels_) {
    for (const Shape& shape : panel.footage->all_shapes()) {
      if (std::find(colours.begin(), colours.end(), shape.colour) == colours.end()) {
        colours.push_back(shape.colour);
      }
    }
  }
  return colours;
}

Rect Panels::draw(const Panel& panel, std::size_t index, Canvas& canvas) const {
  const Footage& footage = *panel.footage;
  const auto over = [&](std::size_t at) { return at >= footage.size() && at < length(); };
  const auto scene = [&](std::size_t at) { return footage.scene(std::min(at, footage.size() - 1)); };
  const Projection projection(view_, panel.area);
  Rect area = panel.area;
  if (started_ && over(drawn_) == over(index)) {
    area = intersection(area, difference(scene(drawn_), scene(index), projection));
  }
  if (area.empty()) return {};
  canvas.fill(area, over(index) ? kOver : view_.background);
  for (const Shape& shape : scene(index)) canvas.draw(shape, projection, area);
  return area;
}

Rect Panels::draw(std::size_t index, Canvas& canvas) {
  Rect changed;
  for (const Panel& panel : panels_) changed = bounding(changed, draw(panel, index, canvas));
  started_ = true;
  drawn_ = index;
  return changed;
}

std::string animate(const EnvironmentInfo& environment, Panels panels, Canvas canvas,
                    const AnimationOptions& options) {
  std::vector<Colour> colours = panels.colours();
  colours.insert(colours.end(), options.more_colours.begin(), options.more_colours.end());
  Gif gif(canvas.size(), Palette(colours));
  std::optional<Progress> progress;
  if (!options.quiet) progress.emplace("filming", "frames", static_cast<std::int64_t>(panels.length()));
  const double step = 100 * static_cast<double>(environment.step_seconds);
  const auto stride = static_cast<std::size_t>(std::max(1.0, std::ceil(kLeastCentiseconds / step - 1e-3)));
  const auto time = [&](std::size_t index) { return std::llround(step * static_cast<double>(index)); };
  for (std::size_t index = 0; index < panels.length(); index += stride) {
    const Rect changed = panels.draw(index, canvas);
    const bool last = index + stride >= panels.length();
    const std::int64_t shown = time(index + stride) - time(index) + (last ? options.hold : 0);
    gif.add(canvas, changed, static_cast<int>(std::clamp<std::int64_t>(shown, kLeastCentiseconds, 65535)));
    if (progress) progress->advance(static_cast<std::int64_t>(stride));
  }
  return gif.finish();
}

}  // namespace ppo
