// The other end of a ServedEngine.
#pragma once

#include "engine/parts/channel.hpp"

namespace ppo {

/// Makes and runs engines as the channel asks for them, until it asks for the end. Failures are answers.
/// Throws Failure where the channel does.
void serve(Channel& channel);

}  // namespace ppo
