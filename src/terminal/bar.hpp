// A progress bar.
#pragma once

#include <cstddef>
#include <string>

namespace ppo {

/// "▕██████▌   ▏", or "[######    ]" without UTF-8: `share` (0 to 1) of `cells` columns, two more for its
/// ends.
std::string bar(double share, std::size_t cells, bool utf8);

}  // namespace ppo
