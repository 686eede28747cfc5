// What one can ask of the program: the verbs with their flags, and their help pages.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/verb.hpp"

namespace ppo {

constexpr std::size_t kPageWidth = 80;  // of a help page [columns], unless a terminal says otherwise

const std::vector<Verb>& verbs();

/// nullptr when there is none of that name.
const Verb* find_verb(std::string_view name);

/// All that may stand on its command line.
std::vector<Flag> accepted_flags(const Verb& verb);

/// Of the program as a whole: short without `all_flags` (what to do first), else with the flags of `train`.
std::string program_help(bool all_flags, std::size_t width);

std::string verb_help(const Verb& verb, std::size_t width);

/// The flags' lines of a help page, under their groups' headings.
std::string list_flags(std::span<const Flag> flags, std::size_t width = kPageWidth);

}  // namespace ppo
