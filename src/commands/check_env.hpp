// The check-env verb: plays an environment with random actions and says what is wrong with it.
#pragma once

#include "config/verb.hpp"
#include "engine/environment.hpp"

namespace ppo {

struct CheckEnvCommand {
  const Environment* environment = nullptr;
  ProbeOptions options;
  bool json = false;
};

Verb check_env_verb();

/// Throws Failure(kWrongInput).
CheckEnvCommand parse_check_env(const Arguments& arguments);

/// Returns 0. Throws Failure(kRunFailed) if the environment has defects.
int run_check_env(const CheckEnvCommand& command);

}  // namespace ppo
