#include "config/toml_writer.hpp"

#include <algorithm>
#include <string_view>

#include "config/options.hpp"

namespace ppo {

std::string to_toml(const Config& config) {
  std::string text;
  std::string_view group;
  for (const Option& option : options()) {
    if (option.group != group) {
      if (!group.empty()) text += '\n';
      group = option.group;
      text += "# " + std::string(group) + '\n';
    }
    text += commented(std::string(option.key) + " = " + value_text(config, option),
                      help_with_unit(option) + " (" + describe_range(option.domain) + ")");
  }
  return text;
}

std::string commented(std::string assignment, const std::string& comment) {
  constexpr std::size_t comment_column = 30;
  assignment.resize(std::max(assignment.size() + 1, comment_column), ' ');
  return assignment + "# " + comment + '\n';
}

}  // namespace ppo
