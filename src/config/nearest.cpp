#include "config/nearest.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostLetters = 64;  // of a name, which are compared

/// What other programs call a thing, where no spelling would lead to our name.
struct ForeignName {
  std::string_view name;
  std::string_view key;
};

constexpr auto kForeignNames = std::to_array<ForeignName>({
    {"learning_rate", "lr"},
    {"n_epochs", "update_epochs"},
    {"epochs", "update_epochs"},
    {"steps", "total_timesteps"},
    {"timesteps", "total_timesteps"},
    {"clip_range", "clip_coef"},
    {"clip_range_vf", "clip_vloss"},
    {"normalize_advantage", "norm_adv"},
    {"time_limit", "max_episode_steps"},
    {"gpu", "cuda"},  // a device
});

char plain(char letter) {
  if (letter >= 'A' && letter <= 'Z') return static_cast<char>(letter - 'A' + 'a');
  return letter == '_' ? '-' : letter;
}

/// That of two names which differ in their lengths only.
std::size_t least_distance(std::string_view a, std::string_view b) {
  const auto [shorter, longer] =
      std::minmax({std::min(a.size(), kMostLetters), std::min(b.size(), kMostLetters)});
  return longer - shorter;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kMostLetters);
  b = b.substr(0, kMostLetters);
  const auto same = [&](std::size_t i, std::size_t j) { return plain(a[i - 1]) == plain(b[j - 1]); };
  std::array<std::array<std::size_t, kMostLetters + 1>, 3>
      rows{};  // of the last three prefixes of a; entry j: against j letters of b
  std::size_t *before = rows[0].data(), *last = rows[1].data(), *row = rows[2].data();
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min(std::min(last[j], row[j - 1]) + 1, last[j - 1] + (same(i, j) ? 0 : 1));
      const bool swapped = i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view nearest(std::string_view wrong, std::span<const std::string> names) {
  std::string_view found;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const std::string& name : names) {
    if (least_distance(wrong, name) >= least) continue;  // which spares most of the work
    const std::size_t distance = edit_distance(wrong, name);
    if (distance >= least) continue;
    least = distance;
    found = name;
  }
  return found;
}

std::string suggest(std::string_view wrong, std::span<const std::string> names) {
  const std::string_view name = nearest(wrong, names);
  if (name.empty()) return "there is none to choose from";
  const bool near = edit_distance(wrong, name) <= std::max<std::size_t>(1, name.size() / 3);
  return near ? "did you mean " + quote(name) + "?" : "the nearest name is " + quote(name);
}

std::string_view own_name(std::string_view name) {
  const auto found =
      std::find_if(kForeignNames.begin(), kForeignNames.end(),
                   [&](const ForeignName& foreign) { return edit_distance(name, foreign.name) <= 1; });
  return found == kForeignNames.end() ? name : found->key;
}

}  // namespace ppo
