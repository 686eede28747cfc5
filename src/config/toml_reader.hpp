// Reads a config: a flat list of TOML keys, no tables, no arrays.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "config/value.hpp"

namespace ppo {

/// The longest text that is read; a saved config has 3 KiB. toml++ walks nested tables by recursion, and a
/// key `a.a.a.a` nests them at two bytes each: with 256 KiB of it a stack of 8 MiB overflows, with sanitizers
/// far sooner.
inline constexpr std::size_t kMostTomlBytes = std::size_t{16} << 10;

/// Sets what `text` says. `file` names it in errors, which are Failure(kWrongInput) "file:line:column: what;
/// what to write instead". The first error in reading order is the one reported, except that a syntax error
/// hides all others.
void read_toml(std::string_view text, const std::string& file, Settings& settings);

/// The argument of a flag, with TOML's own strictness: a boolean, a whole number or a number; all else is
/// text.
Value read_flag_value(std::string_view text);

/// The same for what sets an option: where that takes text, it is text whatever it looks like.
Value read_value(const Option& option, std::string_view text);

}  // namespace ppo
