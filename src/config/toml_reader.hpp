// Reads a config: a flat list of TOML keys, no tables, no arrays.
#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "config/toml_document.hpp"
#include "config/value.hpp"

namespace ppo {

/// Sets what `text` says. `file` names it in errors, which are Failure(kWrongInput) "file:line:column: what;
/// what to write instead". The first error in reading order is the one reported, except that a syntax error
/// hides all others. `name` is what the command line calls the text, `file` if it is empty.
void read_toml(std::string_view text, const std::string& file, Settings& settings,
               const std::string& name = {});

/// Sets the key if it is one that a config has at the top. Otherwise returns false.
bool read_key(const TomlEntry& entry, Settings& settings);

/// For a key that is none, and no table. Throws Failure(kWrongInput).
[[noreturn]] void refuse_unknown_key(const TomlEntry& entry);

/// The argument of a flag, with TOML's own strictness: a boolean, a whole number or a number; all else is
/// text.
Value read_flag_value(std::string_view text);

/// The same for what sets a key: where that takes text, it is text whatever it looks like.
Value read_value(const Domain& domain, std::string_view text);

}  // namespace ppo
