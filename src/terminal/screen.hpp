// Properties of a standard stream that someone may be looking at.
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

  /// A terminal with escape sequences, on which a line can be updated in place, according to TERM.
  bool can_renew() const { return can_renew_; }

  /// Whether it shows UTF-8, according to the locale.
  bool is_utf8() const { return is_utf8_; }

  /// The current width; 80 if a terminal does not report it, unlimited if it is not a terminal.
  std::size_t columns() const;

  /// The current height; 24 if a terminal does not report it, unlimited if it is not a terminal.
  std::size_t rows() const;

  /// Width of a help page: the terminal's, within readable limits; 80 if it is not a terminal.
  std::size_t page_columns() const;

  /// With colours where escape sequences are obeyed and NO_COLOR does not forbid them (see no-color.org).
  Style style() const { return style_; }

 private:
  int descriptor_;
  bool is_terminal_;
  bool can_renew_;
  bool is_utf8_;
  Style style_;
};

}  // namespace ppo
