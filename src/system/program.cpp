#include "system/program.hpp"

#include "system/text.hpp"

namespace ppo {
namespace {

struct Names {
  std::string name = "ppo_train";
  std::string command = "ppo_train";
};

Names& names() {
  static Names both;
  return both;
}

}  // namespace

const std::string& program_name() {
  return names().name;
}

const std::string& program_command() {
  return names().command;
}

void set_program_name(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
  if (name.empty()) return;
  names() = {printable(name), shell_word(path)};
}

}  // namespace ppo
