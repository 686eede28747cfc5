// Draws text into a picture.
#pragma once

#include <string>

#include "film/canvas.hpp"

namespace ppo {

/// Draws one line of ASCII text centred in `area`, two pixels a dot, or one if it is too long for that.
void caption(Canvas& canvas, const Rect& area, const std::string& text, Colour colour);

}  // namespace ppo
