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

/// "did you mean 'lr'?" if one of `names` is near, or is what other PPO programs call `wrong`
/// ("learning_rate"); else `otherwise`. Dashes in front do not count.
std::string suggest(std::string_view wrong, std::span<const std::string> names, std::string_view otherwise);

}  // namespace ppo
