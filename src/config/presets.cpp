#include "config/presets.hpp"

#include <algorithm>

namespace ppo {

const Preset* find_preset(std::string_view name) {
  if (name.ends_with(".toml")) name.remove_suffix(5);
  const std::span<const Preset> all = presets();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Preset& preset) { return preset.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.emplace_back(preset.name);
  return names;
}

std::string_view description(const Preset& preset) {
  std::string_view line = preset.toml.substr(0, preset.toml.find('\n'));
  if (!line.starts_with('#')) return {};
  line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
  return line;
}

}  // namespace ppo
