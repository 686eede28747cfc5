#pragma once

#include <string>

#include "film/canvas.hpp"

namespace ppo {

/// The picture as the bytes of a PNG file.
std::string png(const Canvas& canvas);

}  // namespace ppo
