// The names of the environments that a config may use. engine/environment.hpp has the environments.
#pragma once

#include <span>
#include <string_view>

namespace ppo {

/// Those of this build, in the order in which CMake adds them. cmake/trainer.cmake generates the
/// function.
std::span<const std::string_view> environment_names();

}  // namespace ppo
