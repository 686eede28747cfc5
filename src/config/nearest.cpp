#include "config/nearest.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "config/text.hpp"

namespace ppo {
namespace {

char plain(char letter) {
  if (letter >= 'A' && letter <= 'Z') return static_cast<char>(letter - 'A' + 'a');
  return letter == '_' ? '-' : letter;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, 256);
  b = b.substr(0, 256);
  const auto same = [&](std::size_t i, std::size_t j) { return plain(a[i - 1]) == plain(b[j - 1]); };
  std::array<std::vector<std::size_t>, 3>
      rows;  // of the last three prefixes of a; entry j: against j letters of b
  rows.fill(std::vector<std::size_t>(b.size() + 1));
  auto& [before, last, row] = rows;
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i, j) ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view nearest(std::string_view wrong, std::span<const std::string> names) {
  const auto closer = [&](const std::string& a, const std::string& b) {
    return edit_distance(wrong, a) < edit_distance(wrong, b);
  };
  const auto found = std::min_element(names.begin(), names.end(), closer);
  return found == names.end() ? std::string_view{} : std::string_view{*found};
}

std::string suggest(std::string_view wrong, std::span<const std::string> names) {
  const std::string_view name = nearest(wrong, names);
  if (name.empty()) return "there is none to choose from";
  const bool near = edit_distance(wrong, name) <= std::max<std::size_t>(1, name.size() / 3);
  return near ? "did you mean " + quote(name) + "?" : "the nearest name is " + quote(name);
}

}  // namespace ppo
