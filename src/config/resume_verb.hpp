// The command line of resume.
#pragma once

#include "config/command_line.hpp"
#include "config/flags.hpp"
#include "config/verbs.hpp"

namespace ppo {

/// Reads the run's config. Throws Failure(kWrongInput), also for a flag that would change the run's result.
ResumeCommand parse_resume(const Verb& verb, const Arguments& arguments);

}  // namespace ppo
