// A verb of the program: what may stand behind its name on the command line, and its help.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/flags.hpp"

namespace ppo {

struct Verb {
  std::string name;
  std::string operand;  // what follows besides flags: "RUN"; empty: nothing does
  std::size_t most_operands;
  std::string help;
  std::vector<Flag> flags;
  std::string more = {};            // of the verb's own page
  std::vector<Flag> unlisted = {};  // that it knows, but not on its page
};

inline const Flag kHelpFlag{"--help", "", "print this page and do nothing (-h)", ""};

}  // namespace ppo
