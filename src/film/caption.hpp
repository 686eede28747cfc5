// Words in a picture.
#pragma once

#include <string>

#include "film/canvas.hpp"

namespace ppo {

/// Draws one line of ASCII text, `scale` pixels a dot, centred in `area`.
void caption(Canvas& canvas, const Rect& area, const std::string& text, Colour colour, int scale);

}  // namespace ppo
