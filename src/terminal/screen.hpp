// A standard stream as something that a person may look at.
#pragma once

#include <cstddef>

#include "terminal/colour.hpp"

namespace ppo {

constexpr int kLabelWidth = 9;  // [columns] "saved    " in front of what is said

class Screen {
 public:
  /// STDOUT_FILENO or STDERR_FILENO.
  explicit Screen(int descriptor);

  bool is_terminal() const { return is_terminal_; }

  /// It is a terminal that obeys escape sequences, so a line on it can be written anew. TERM says so.
  bool can_renew() const { return can_renew_; }

  /// It shows UTF-8, as far as the locale says.
  bool is_utf8() const { return is_utf8_; }

  /// At this moment; 80 for a terminal that does not say, without limit for what is none.
  std::size_t columns() const;

  /// Columns of a help page: a terminal's, but neither too narrow nor too wide to read; else 80.
  std::size_t page_columns() const;

  /// With colours where escape sequences are obeyed and NO_COLOR does not forbid them (see no-color.org).
  const Style& style() const { return style_; }

 private:
  int descriptor_;
  bool is_terminal_;
  bool can_renew_;
  bool is_utf8_;
  Style style_;
};

}  // namespace ppo
