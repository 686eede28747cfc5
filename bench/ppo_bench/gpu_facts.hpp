// What GPU it is that was measured.
#pragma once

#include "engine/engine.hpp"
#include "run/facts.hpp"

namespace ppo::bench {

/// Of the device that the engine trains on, which is this thread's device from then on.
Json gpu_facts(const EngineInfo& info);

}  // namespace ppo::bench
