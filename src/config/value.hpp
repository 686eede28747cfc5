// A value as the user wrote it, not yet checked against its key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ppo {

/// An array, a table, a date: what no key takes. `what` names it in an error.
struct Unusable {
  std::string_view what;
};

using Value = std::variant<bool, std::int64_t, double, std::string, Unusable>;

/// That of a whole or real number; 0 of all else.
double number_in(const Value& value);

/// For an error message: `1`, `1.5`, `nan`, `true`, `'text'`, `an array`.
std::string show(const Value& value);

/// The fewest digits that read back to the same bits.
std::string shortest(double number);

/// As a string of TOML, in quotes.
std::string toml_string(std::string_view text);

/// As TOML, of a value that some option takes.
std::string toml_text(const Value& value);

/// As TOML, so that reading it back as a float gives the same bits.
std::string number_text(float number);

}  // namespace ppo
