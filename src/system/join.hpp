// Words as one text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ppo {

/// "a, b, c", where ", " is `between`.
inline std::string join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (&word != &words.front()) text += between;
    text += word;
  }
  return text;
}

}  // namespace ppo
