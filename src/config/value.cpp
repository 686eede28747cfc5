#include "config/value.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "system/text.hpp"

namespace ppo {
namespace {

template <class Real>
std::string digits_of(Real number) {
  std::array<char, 64> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr};
}

template <class Real>
std::string toml_float(Real number) {
  std::string text = digits_of(number);
  // TOML tells a float from an integer by its point or exponent.
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

double read(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct Show {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return toml_float(value); }
  std::string operator()(const std::string& value) const { return quote(value); }
  std::string operator()(const Unusable& value) const { return std::string(value.what); }
};

}  // namespace

double number_in(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return 0;
}

std::string shortest(double number) {
  return digits_of(number);
}

std::string show(const Value& value) {
  return std::visit(Show{}, value);
}

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    const bool is_control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    const bool is_next_quote = letter == '\'' && quoted.back() == '\'';  // three in a row mislead the reader
    if (is_control || is_next_quote) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
    } else {
      if (letter == '"' || letter == '\\') quoted += '\\';
      quoted += letter;
    }
  }
  return quoted + '"';
}

std::string toml_text(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? toml_string(*text) : show(value);
}

std::string number_text(float number) {
  std::string text = toml_float(number);
  // TOML readers go through double, and rounding twice can end at a neighbour. Of all floats this happens to
  // one, 7.038531e-26; the digits of its exact value survive.
  const bool survives = static_cast<float>(read(text)) == number;
  return survives ? text : toml_float(static_cast<double>(number));
}

}  // namespace ppo
