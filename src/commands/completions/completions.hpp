// The completions verb: the script that teaches a shell what may follow on the command line, and the answers
// to what that script asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/verb.hpp"

namespace ppo {

Verb completions_verb();

/// The script for the shell that is named. Throws Failure(kWrongInput).
std::string completion_script(const Arguments& arguments);

/// What is offered after `completions -- WORD...`, all of the arguments; nothing where they are others.
std::optional<std::string> completion_offers(const std::vector<std::string>& arguments);

}  // namespace ppo
