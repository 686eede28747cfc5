#include "commands/envs.hpp"

namespace ppo {

Verb envs_verb() {
  return {
      "envs", "", 0, "list the environments of this program", {{"--json", "", "print JSON", ""}, kHelpFlag}};
}

EnvsCommand parse_envs(const Arguments& arguments) {
  return {.json = arguments.flags.contains("--json")};
}

}  // namespace ppo
