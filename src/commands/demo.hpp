// The demo verb: the first minute with the program.
#pragma once

#include "config/verb.hpp"
#include "run/train_request.hpp"

namespace ppo {

struct DemoCommand {
  TrainRequest train;
};

Verb demo_verb();

/// Throws Failure(kWrongInput).
DemoCommand parse_demo(const Arguments& arguments);

/// Trains a preset, draws how the return rises, makes a film and the report, and says what to try next.
/// Returns the exit code: 0, or 128 + the signal that stopped it. Throws Failure.
int run_demo(const DemoCommand& command);

}  // namespace ppo
