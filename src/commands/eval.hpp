// The eval verb: plays episodes with trained agents and prints what they scored.
#pragma once

#include <cstdint>
#include <optional>

#include "commands/loaded_agents.hpp"
#include "config/verb.hpp"
#include "engine/environment.hpp"

namespace ppo {

struct EvalCommand {
  AgentSource source;
  EvalOptions options;
  std::optional<std::int32_t> max_steps;  // default: the run's time limit, else 500
  bool json = false;
};

Verb eval_verb();

/// Throws Failure(kWrongInput).
EvalCommand parse_eval(const Arguments& arguments);

/// Returns 0; throws Failure.
int run_eval(const EvalCommand& command);

}  // namespace ppo
