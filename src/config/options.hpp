// The one table of everything that can be configured. The TOML reader, the flags, --help, --print-config and
// the saved config are made from it; the defaults are those of a default-constructed Config.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "config/value.hpp"

namespace ppo {

struct Switch {};  // true or false

struct Whole {
  std::int64_t least;
  std::int64_t most;
};

struct Real {
  float least;
  float most;
  bool without_least = false;  // the range starts just above `least`
};

struct Name {
  std::string_view what;                // "an environment"
  std::vector<std::string> (*names)();  // those to offer
  bool (*accepts)(std::string_view);
  std::string_view more = {};  // what else it takes: "cuda:N"
};

/// The values that a key takes.
using Domain = std::variant<Switch, Whole, Real, Name>;

/// Where in a Config a key's value lives.
using Field = std::variant<bool*, std::int32_t*, std::int64_t*, std::uint64_t*, float*, std::string*>;

struct Option {
  std::string_view key;
  std::string_view group;
  Domain domain;
  std::string_view unit;  // may be empty
  std::string_view help;
  Field (*field)(Config&);
};

/// In the order of the help and of a saved config; the options of a group are neighbours.
std::span<const Option> options();

/// nullptr when no key has that name.
const Option* find_option(std::string_view key);

/// Whether another value leaves the result of a run as it is: the option is one of RunOptions.
bool may_change(const Option& option);

/// Our key for what other PPO programs call `name` ("learning_rate"); otherwise `name`.
std::string_view own_name(std::string_view name);

/// Which key someone means who writes `wrong`: "did you mean 'lr'?"
std::string suggest_key(std::string_view wrong);

/// "1 to 1048576", "true or false", "auto, cpu or cuda", ...
std::string describe_range(const Domain& domain);

/// "a whole number (1 to 1048576)", ...
std::string describe(const Domain& domain);

/// "time limit of an episode, 0: none [steps]"
std::string help_with_unit(const Option& option);

/// The option's value in `config`, as TOML.
std::string value_text(const Config& config, const Option& option);

/// Stores `value` in `config` if the option takes it; otherwise changes nothing and returns false.
bool store(const Option& option, const Value& value, Config& config);

/// "takes a whole number (1 to 64), not 1.5; write, say, `example`", for a value that `domain` does not
/// take.
std::string refusal(const Domain& domain, const Value& value, std::string_view example);

}  // namespace ppo
