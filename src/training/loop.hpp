// The training loop of the host, which keeps an engine busy.
#pragma once

#include <cstdint>
#include <span>

#include "engine/engine.hpp"
#include "training/pause.hpp"
#include "training/recorder.hpp"

namespace ppo {

/// Trains from update `done` on until `updates` are done, all agents are, a stop signal has come or an agent
/// has diverged; what is under way then is recorded, too. Keeps the engine's queue full, but lets it run
/// empty where a pause is due. Throws what the engine and the recorder's sinks do.
void train_all(Engine& engine, std::int64_t done, std::int64_t updates, Recorder& recorder,
               std::span<Pause* const> pauses);

}  // namespace ppo
