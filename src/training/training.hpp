// Trains a run from its current state to its end.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/engine.hpp"
#include "run/records.hpp"
#include "run/run_folder.hpp"
#include "run/train_request.hpp"
#include "system/stop_signals.hpp"

namespace ppo {

/// Where a run stands before its first update.
Outcome no_outcome_yet(const Config& config);

/// A run as it stands: the engine's agents have come as far as the outcome says.
struct StandingRun {
  const TrainRequest& request;
  Engine& engine;
  RunFolder* folder;           // nullptr with --no-out
  const StopSignals& signals;  // from before the folder was made: what is there is always saved
  Outcome outcome;
  std::optional<std::int64_t> resumed_at = {};  // the update that it goes on with; none: a new run
  std::optional<std::int64_t> saved_at = {};    // that of its latest checkpoint
};

/// Trains, shows and keeps it. Returns the exit code: 0, or 128 + the signal that stopped it. Throws Failure.
int train_to_the_end(StandingRun run);

}  // namespace ppo
