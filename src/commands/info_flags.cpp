#include "commands/info.hpp"

namespace ppo {

Verb info_verb() {
  return {
      "info", "", 0, "say which engines and GPUs there are", {{"--json", "", "print JSON", ""}, kHelpFlag}};
}

InfoCommand parse_info(const Arguments& arguments) {
  return {.json = arguments.flags.contains("--json")};
}

}  // namespace ppo
