// The arguments of one verb, split into flags and operands.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

struct Flag {
  std::string name;   // "--num-envs"; `--num_envs` means the same
  std::string value;  // what follows it, for the help: "N"; empty: nothing follows
  std::string help;
  std::string group;                      // heading in the help
  std::vector<std::string> endings = {};  // of the file names that its value has; it may then be left out
  bool repeats = false;  // may be given several times; its values then come as one, with commas between them
  std::vector<std::string> names = {};  // that its value may have, to offer; it may have others
};

struct Arguments {
  std::map<std::string, std::string, std::less<>>
      flags;                        // by name; the value of one that takes none is empty
  std::vector<std::string> others;  // everything else, in order; may start with a dash
};

/// Throws Failure(kWrongInput) for a flag that is repeated, lacks its value or has one that it does not take.
Arguments split_arguments(std::span<const Flag> flags, const std::vector<std::string>& arguments);

/// "--num_envs" -> "--num-envs"
std::string flag_name(std::string_view key);

}  // namespace ppo
