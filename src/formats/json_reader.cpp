#include "formats/json_reader.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo::json {
namespace {

constexpr int kMostDepth = 8;

/// How deeply lists and objects are nested. The library counts in a callback, too, but with one it takes time
/// that is quadratic in their number.
int depth_of(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) {
      if (c == '\\') ++i;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

void refuse(const std::string& place, std::string_view problem) {
  throw Failure(kWrongInput, printable(place) + ": damaged: " + printable(problem));
}

Value parse(std::string_view text, const std::string& file) {
  if (depth_of(text) > kMostDepth) refuse(file, "it is nested too deeply");
  try {
    return Value::parse(text);
  } catch (const Value::parse_error& error) {
    const std::string_view before = text.substr(0, std::min(error.byte, text.size()));
    refuse(file + ':' + std::to_string(1 + std::count(before.begin(), before.end(), '\n')),
           "it is not valid JSON");
  } catch (const Value::out_of_range&) {
    refuse(file, "it has a number that is too large");
  }
}

const Value& member(const Value& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) {
    throw std::runtime_error(std::string("there is no ") + name);
  }
  return object.at(name);
}

const Value& list(const Value& object, const char* name) {
  const Value& value = member(object, name);
  if (!value.is_array()) throw std::runtime_error(std::string(name) + " must be a list");
  return value;
}

std::int64_t whole(const Value& object, const char* name) {
  const Value& value = member(object, name);
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost) {
    throw std::runtime_error(std::string(name) + " must be a whole number");
  }
  return value.get<std::int64_t>();
}

double real(const Value& object, const char* name) {
  const Value& value = member(object, name);
  if (!value.is_number()) throw std::runtime_error(std::string(name) + " must be a number");
  return value.get<double>();
}

std::string text(const Value& value, const std::string& name) {
  if (!value.is_string()) throw std::runtime_error(name + " must be text");
  return value.get<std::string>();
}

std::optional<std::string> text_or_null(const Value& value, const std::string& name) {
  return value.is_null() ? std::nullopt : std::optional(text(value, name));
}

}  // namespace ppo::json
