#include "config/presets.hpp"

#include <algorithm>

#include "system/embedded.hpp"

namespace ppo {
namespace {

constexpr std::string_view kEnding = ".toml";

std::vector<Preset> embedded() {
  std::vector<Preset> all;
  for (const EmbeddedFile& file : embedded_presets()) {
    all.push_back({file.name.substr(0, file.name.size() - kEnding.size()), file.text});
  }
  return all;
}

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> all = embedded();
  return all;
}

const Preset* find_preset(std::string_view name) {
  if (name.ends_with(kEnding)) name.remove_suffix(kEnding.size());
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

std::string list_presets() {
  std::size_t width = 0;
  for (const Preset& preset : presets()) width = std::max(width, preset.name.size());
  std::string text;
  for (const Preset& preset : presets()) {
    std::string name(preset.name);
    name.resize(width + 2, ' ');
    text += name + std::string(description(preset)) + '\n';
  }
  return text;
}

}  // namespace ppo
