#include "config/toml_writer.hpp"

#include <algorithm>
#include <string_view>

#include "config/options.hpp"

namespace ppo {

std::string to_toml(const Config& config) {
  constexpr std::size_t comment_column = 30;
  std::string text;
  std::string_view group;
  for (const Option& option : options()) {
    if (option.group != group) {
      if (!group.empty()) text += '\n';
      group = option.group;
      text += "# " + std::string(group) + '\n';
    }
    std::string line = std::string(option.key) + " = " + value_text(config, option);
    line.resize(std::max(line.size() + 1, comment_column), ' ');
    text += line + "# " + help_with_unit(option) + " (" + describe_range(option.domain) + ")\n";
  }
  return text;
}

}  // namespace ppo
