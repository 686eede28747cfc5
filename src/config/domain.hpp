// The values that a configured key takes: which they are, how they are described, stored and refused.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/value.hpp"
#include "ppo/hyper.hpp"

namespace ppo {

struct Switch {};  // true or false

struct Whole {
  std::int64_t least;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();  // TOML has no larger integers
};

/// One of a few whole numbers.
struct OneOf {
  std::vector<std::int64_t> (*numbers)();
};

struct Real {
  float least;
  float most;
  bool without_least = false;  // the range starts just above `least`
  bool or_inf = false;         // takes inf, too
};

struct Name {
  std::string_view what;                // "an environment"
  std::vector<std::string> (*names)();  // those to offer
  bool (*accepts)(std::string_view);
  std::string_view more = {};  // what else it takes: "cuda:N"
};

/// Any text of some form.
struct Text {
  std::string_view what;  // "a path in UTF-8"
  bool (*accepts)(std::string_view);
  std::string_view range;        // "a run folder or ..."
  std::string_view placeholder;  // of its flag: "PATH"
  std::string_view example;
};

/// The values that a key takes.
using Domain = std::variant<Switch, Whole, OneOf, Real, Name, Text>;

/// By name.
inline constexpr std::array<std::string_view, 2> kActivationNames = {"tanh", "relu"};  // in their order

/// Where in a Config a key's value lives.
using Field =
    std::variant<bool*, std::int32_t*, std::int64_t*, std::uint64_t*, float*, std::string*, Activation*>;

/// Those to offer, where it takes a few or names; of a range none.
std::vector<std::string> names_in(const Domain& domain);

/// "1 to 1048576", "true or false", "auto, cpu or cuda", ...
std::string describe_range(const Domain& domain);

/// "a whole number (1 to 1048576)", ...
std::string describe(const Domain& domain);

/// The value there, as TOML.
std::string field_text(const Field& field);

/// Stores `value` in the field that belongs to `domain` if that takes it; otherwise changes nothing and
/// returns false.
bool store(const Domain& domain, const Value& value, const Field& field);

/// "takes a whole number (1 to 64), not 1.5; for example `example`", for a value that `domain` does not
/// take. Instead of the example it suggests a name that is near.
std::string refusal(const Domain& domain, const Value& value, std::string_view example);

}  // namespace ppo
