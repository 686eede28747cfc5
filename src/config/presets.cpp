#include "config/presets.hpp"

#include <algorithm>

#include "system/embedded.hpp"
#include "system/sort_stably.hpp"

namespace ppo {
namespace {

constexpr std::string_view kEnding = ".toml";

std::vector<Preset> embedded() {
  std::vector<Preset> all;
  for (const EmbeddedFile& file : embedded_presets()) {
    const bool is_sweep = file.text.find("\n[sweep") != std::string_view::npos;
    all.push_back({file.name.substr(0, file.name.size() - kEnding.size()), file.text, is_sweep});
  }
  sort_stably(all, [](const Preset& a, const Preset& b) { return !a.is_sweep && b.is_sweep; });
  return all;
}

std::size_t count_to_train_with() {
  return static_cast<std::size_t>(std::ranges::count(presets(), false, &Preset::is_sweep));
}

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> all = embedded();
  return all;
}

std::span<const Preset> training_presets() {
  return presets().first(count_to_train_with());
}

std::span<const Preset> sweep_presets() {
  return presets().subspan(count_to_train_with());
}

const Preset* find_preset(std::string_view name) {
  if (name.ends_with(kEnding)) name.remove_suffix(kEnding.size());
  const std::span<const Preset> all = presets();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Preset& preset) { return preset.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(std::span<const Preset> some) {
  std::vector<std::string> names;
  for (const Preset& preset : some) names.emplace_back(preset.name);
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
