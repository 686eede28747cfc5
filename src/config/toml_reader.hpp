// Reads a config: a flat list of TOML keys, no tables, no arrays.
#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "config/value.hpp"

namespace ppo {

/// Sets what `text` says. `file` names it in errors, which are Failure(kWrongInput) "file:line:column: what;
/// what to write instead". The first error in reading order is the one reported, except that a syntax error
/// hides all others.
void read_toml(std::string_view text, const std::string& file, Settings& settings);

/// The argument of a flag, with TOML's own strictness: a boolean, a whole number or a number; all else is
/// text.
Value read_flag_value(std::string_view text);

}  // namespace ppo
