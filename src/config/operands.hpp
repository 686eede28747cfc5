// What stands on a command line besides flags, and the errors for what does not belong there.
#pragma once

#include <string>
#include <vector>

#include "config/flags.hpp"
#include "config/verbs.hpp"

namespace ppo {

/// The verb of that name. Throws Failure(kWrongInput).
const Verb& verb_called(const std::string& name);

/// The operands that the verb takes. Throws Failure(kWrongInput) for more, and for flags that it does not
/// have.
std::vector<std::string> operands(const Verb& verb, const Arguments& arguments);

}  // namespace ppo
