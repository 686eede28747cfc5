#include "config/nearest.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostLetters = 64;  // of a name, which are compared

/// What other PPO programs call a thing, where no spelling would lead to our name.
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
    {"eval_freq", "eval_every"},
    {"n_eval_episodes", "eval_episodes"},
    {"deterministic", "eval_greedy"},
    {"reward_threshold", "stop_at_return"},
    {"gpu", "cuda"},  // a device
});

std::string_view without_dashes(std::string_view flag) {
  return flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
}

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

/// A name and its distance from a wrong one.
struct Candidate {
  std::string_view name = {};
  std::size_t distance = std::numeric_limits<std::size_t>::max();
};

/// The first one on a tie; none when there are no names.
Candidate nearest(std::string_view wrong, std::span<const std::string> names) {
  Candidate best;
  for (const std::string& name : names) {
    const std::string_view bare = without_dashes(name);
    if (least_distance(wrong, bare) >= best.distance) continue;  // which spares most of the work
    const std::size_t distance = edit_distance(wrong, bare);
    if (distance < best.distance) best = {name, distance};
  }
  return best;
}

/// The one of `names` that other programs call `wrong`, or nearly so.
Candidate translated(std::string_view wrong, std::span<const std::string> names) {
  Candidate best;
  for (const ForeignName& foreign : kForeignNames) {
    const std::size_t distance = edit_distance(wrong, foreign.name);
    if (distance > 1 || distance >= best.distance) continue;
    const Candidate own = nearest(foreign.key, names);
    if (own.distance == 0) best = {own.name, distance};
  }
  return best;
}

/// Close enough to be what was meant: a third of the letters may be wrong, but not all of them.
bool is_near(const Candidate& candidate, std::string_view wrong) {
  const std::size_t size = without_dashes(candidate.name).size();
  return candidate.distance <= std::max<std::size_t>(1, size / 3) &&
         candidate.distance < std::max(size, wrong.size());
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

std::string suggest(std::string_view wrong, std::span<const std::string> names, std::string_view otherwise) {
  wrong = without_dashes(wrong);
  const Candidate own = nearest(wrong, names);
  const Candidate foreign = translated(wrong, names);
  if (foreign.distance < own.distance) return "did you mean " + quote(foreign.name) + "?";
  if (is_near(own, wrong)) return "did you mean " + quote(own.name) + "?";
  return std::string(otherwise);
}

}  // namespace ppo
