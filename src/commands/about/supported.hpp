// What this build of the program supports.
#pragma once

#include <string>
#include <vector>

namespace ppo {

/// "cpu", "cuda"
std::vector<std::string> engine_names();

/// The instruction-set levels that --simd names, the best first.
std::vector<std::string> level_names();

}  // namespace ppo
