// The info verb: lists what this program and this machine support.
#pragma once

#include "config/verb.hpp"

namespace ppo {

struct InfoCommand {
  bool json = false;
};

Verb info_verb();
InfoCommand parse_info(const Arguments& arguments);

/// Returns 0; that there is no GPU is no failure.
int run_info(const InfoCommand& command);

}  // namespace ppo
