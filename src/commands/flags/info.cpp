#include "commands/info.hpp"

namespace ppo {

Verb info_verb() {
  return {"info",
          "",
          0,
          "list engines, instruction sets and GPUs",
          {{"--json", "", "print JSON", ""}, kHelpFlag}};
}

InfoCommand parse_info(const Arguments& arguments) {
  return {.json = arguments.flags.contains("--json")};
}

}  // namespace ppo
