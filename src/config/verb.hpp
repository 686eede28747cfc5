// A verb of the program: its arguments and its help.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/flags.hpp"

namespace ppo {

struct Verb {
  std::string name;
  std::string operand;  // what follows besides flags: "RUN"; empty if nothing
  std::size_t most_operands;
  std::string help;
  std::vector<Flag> flags;
  std::string more = {};                // only on the verb's own help page
  std::vector<Flag> unlisted = {};      // accepted, but not on its help page
  std::vector<std::string> names = {};  // that its operand may have, to offer; it may have others
};

inline const Flag kHelpFlag{"--help", "", "print this help and exit (-h)", ""};

}  // namespace ppo
