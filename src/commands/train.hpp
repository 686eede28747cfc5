// The train verb.
#pragma once

#include <variant>

#include "config/verb.hpp"
#include "run/train_request.hpp"

namespace ppo {

Verb train_verb();

struct PrintText {  // --help, --version, --print-config, configs: print and be done
  std::string text;
};

/// The run that is asked for, or its resolved config. Throws Failure(kWrongInput).
std::variant<PrintText, TrainRequest> parse_train(const Arguments& arguments);

/// Trains, shows and keeps the run. Returns the exit code: 0, or 128 + the signal that stopped it. Throws
/// Failure.
int run_train(TrainRequest request);

}  // namespace ppo
