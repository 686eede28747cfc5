// The flags of train and resume that ask for extras: films, the report and TensorBoard events.
#pragma once

#include <vector>

#include "config/flags.hpp"
#include "run/train_request.hpp"

namespace ppo {

std::vector<Flag> extras_flags();

/// What the flags ask for. The request has all else. Throws Failure(kWrongInput).
Extras read_extras(const Arguments& arguments, const TrainRequest& request);

}  // namespace ppo
