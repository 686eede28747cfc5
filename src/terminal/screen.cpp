#include "terminal/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <limits>
#include <string>

namespace ppo {
namespace {

constexpr std::size_t kUsual = 80;  // columns
constexpr std::size_t kUsualRows = 24;

/// Empty if it is not set.
std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool terminal_obeys() {
  const std::string term = variable("TERM");
  return !term.empty() && term != "dumb";
}

/// The first of these that is set names the character set, as in "C.UTF-8" or "de_DE.utf8".
bool locale_is_utf8() {
  std::string locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (locale.empty()) locale = variable(name);
  }
  std::transform(locale.begin(), locale.end(), locale.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

}  // namespace

Screen::Screen(int descriptor)
    : descriptor_(descriptor),
      is_terminal_(::isatty(descriptor) == 1),
      can_renew_(is_terminal_ && terminal_obeys()),
      is_utf8_(locale_is_utf8()),
      style_(can_renew_ && variable("NO_COLOR").empty()) {}

std::size_t Screen::columns() const {
  if (!is_terminal_) return std::numeric_limits<std::size_t>::max();
  winsize size{};
  return ::ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

std::size_t Screen::rows() const {
  if (!is_terminal_) return std::numeric_limits<std::size_t>::max();
  winsize size{};
  return ::ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : kUsualRows;
}

std::size_t Screen::page_columns() const {
  return is_terminal_ ? std::clamp<std::size_t>(columns(), 60, 100) : kUsual;
}

}  // namespace ppo
