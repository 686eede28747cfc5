// The verbs of the program with their flags and help pages.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/verb.hpp"

namespace ppo {

constexpr std::size_t kPageWidth = 80;  // of a help page [columns], unless a terminal says otherwise

const std::vector<Verb>& verbs();

/// nullptr if there is none of that name.
const Verb* find_verb(std::string_view name);

/// All flags it accepts.
std::vector<Flag> accepted_flags(const Verb& verb);

/// Help of the whole program: an overview, or with `all_flags` also the flags of `train`.
std::string program_help(bool all_flags, std::size_t width);

/// For someone who has started the program without arguments on a terminal.
std::string first_page(std::size_t width);

/// The flags that every verb takes in an MPI job.
std::string job_flags_help();

std::string verb_help(const Verb& verb, std::size_t width);

/// The flags' lines of a help page, under their groups' headings.
std::string list_flags(std::span<const Flag> flags, std::size_t width = kPageWidth);

}  // namespace ppo
