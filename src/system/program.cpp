#include "system/program.hpp"

#include "system/text.hpp"

namespace ppo {
namespace {

std::string& name() {
  static std::string text = "ppo_train";
  return text;
}

}  // namespace

const std::string& program_name() {
  return name();
}

void set_program_name(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);  // npos + 1 is 0
  if (!path.empty()) name() = printable(path);
}

}  // namespace ppo
