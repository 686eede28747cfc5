// The render verb.
#pragma once

#include "config/command_line.hpp"

namespace ppo {

/// Films an agent of a finished run. Returns 0; throws Failure.
int run_render(const RenderCommand& command);

}  // namespace ppo
