// What this build of the program supports.
#pragma once

#include <string>
#include <vector>

namespace ppo {

/// "cpu", "cuda"
std::vector<std::string> engine_names();

}  // namespace ppo
