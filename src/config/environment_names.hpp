// What a config knows of the environments that it may use. engine/environment.hpp has the rest of them.
#pragma once

#include <span>
#include <string_view>

namespace ppo {

/// Those of this build, in the order in which CMake adds them. cmake/trainer.cmake generates the
/// function.
std::span<const std::string_view> environment_names();

/// Whether one of that name chooses among actions, where others take numbers. engine/environment.cpp has it.
bool has_discrete_actions(std::string_view name);

}  // namespace ppo
