// Which environments a config may name. Known here by name only: engine/environment.hpp knows the rest.
#pragma once

#include <span>
#include <string_view>

namespace ppo {

/// Those of this build, in the order in which CMake adds them. cmake/environments.cmake generates the
/// function.
std::span<const std::string_view> environment_names();

}  // namespace ppo
