// Reads a line of [sweep.space]: the key and its range or values.
#pragma once

#include "config/sweep/sweep_plan.hpp"
#include "config/toml_document.hpp"

namespace ppo {

/// Throws Failure(kWrongInput) "file:line:column: what; what to write instead".
Dimension read_dimension(const TomlEntry& entry);

}  // namespace ppo
