// Suggests the valid name that a wrong one was probably meant to be.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ppo {

/// Damerau-Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions,
/// substitutions and swaps of neighbours, each 1. Letter case does not count, and `-` equals `_`.
/// Only the first 64 letters count: nobody mistypes a longer name, and the work stays small.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `names`, the first one on a tie; empty when there are no names.
std::string_view nearest(std::string_view wrong, std::span<const std::string> names);

/// "did you mean 'lr'?", or more carefully when the nearest name is not near.
std::string suggest(std::string_view wrong, std::span<const std::string> names);

/// Our key for what other PPO programs call `name` ("learning_rate"); otherwise `name`.
std::string_view own_name(std::string_view name);

}  // namespace ppo
