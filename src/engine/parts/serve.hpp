// The other end of a ServedEngine.
#pragma once

#include <functional>
#include <memory>

#include "engine/engine.hpp"
#include "engine/parts/channel.hpp"

namespace ppo {

using MakeEngine = std::function<std::unique_ptr<Engine>(const EngineOrder&)>;

/// Makes and runs engines as the channel asks for them, until it asks for the end. Failures are answers.
void serve(Channel& channel, MakeEngine make = make_local_engine);

}  // namespace ppo
