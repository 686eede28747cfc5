// The envs verb: lists the environments of this program.
#pragma once

#include <string>

#include "config/verb.hpp"
#include "engine/environment.hpp"

namespace ppo {

struct EnvsCommand {
  bool json = false;
};

Verb envs_verb();
EnvsCommand parse_envs(const Arguments& arguments);

/// Returns 0.
int run_envs(const EnvsCommand& command);

/// "3 actions", "1 number in [-2, 2]", "2 numbers in [-1, 1] and [0, 2]".
std::string describe_actions(const ActionFacts& actions);

}  // namespace ppo
