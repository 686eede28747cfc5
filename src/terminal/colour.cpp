#include "terminal/colour.hpp"

namespace ppo {

std::string Style::dim(std::string_view text) const {
  return wrapped("2", text);
}

std::string Style::bold(std::string_view text) const {
  return wrapped("1", text);
}

std::string Style::good(std::string_view text) const {
  return wrapped("32", text);
}

std::string Style::caution(std::string_view text) const {
  return wrapped("33", text);
}

std::string Style::bad(std::string_view text) const {
  return wrapped("31", text);
}

std::string Style::curve(std::string_view text) const {
  return wrapped("36", text);
}

std::string Style::wrapped(std::string_view code, std::string_view text) const {
  if (!colours_ || text.empty()) return std::string(text);
  return "\033[" + std::string(code) + 'm' + std::string(text) + "\033[0m";
}

}  // namespace ppo
