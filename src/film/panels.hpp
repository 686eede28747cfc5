// Footage side by side in one picture, moving at the speed of the world.
#pragma once

#include <cstddef>
#include <vector>

#include "film/canvas.hpp"
#include "film/footage.hpp"

namespace ppo {

struct Panel {
  const Footage* footage;
  Rect area;
};

/// Draws the panels, each within its area and nothing outside of it. One whose footage has ended keeps its
/// last scene, on grey.
class Panels {
 public:
  Panels(const EnvironmentInfo& environment, std::vector<Panel> panels);

  /// Scenes of the longest footage.
  std::size_t length() const;

  /// Draws scene `index` of each; returns the part of the picture that may differ from the scene drawn
  /// before.
  Rect draw(std::size_t index, Canvas& canvas);

  /// Every colour that is used.
  std::vector<Colour> colours() const;

 private:
  Rect draw(const Panel& panel, std::size_t index, Canvas& canvas) const;

  View view_;
  std::vector<Panel> panels_;
  bool started_ = false;
  std::size_t drawn_ = 0;  // the scene drawn last
};

struct AnimationOptions {
  std::vector<Colour> more_colours = {};  // of what is on the canvas beside the panels
  int hold = 0;                           // of the last picture [hundredths of a second]
  bool quiet = true;                      // shows no progress
};

/// The panels as a GIF that starts from what is on the canvas.
std::string animate(const EnvironmentInfo& environment, Panels panels, Canvas canvas,
                    const AnimationOptions& options);

}  // namespace ppo
