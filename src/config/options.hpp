// The one table of everything that can be configured. The TOML reader, the flags, --help, --print-config and
// the saved config are made from it; the defaults are those of a default-constructed Config.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/domain.hpp"

namespace ppo {

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

/// Which key someone means who writes `wrong`: "did you mean 'lr'?"
std::string suggest_key(std::string_view wrong);

/// "time limit of an episode, 0: none [steps]"
std::string help_with_unit(const Option& option);

/// The option's value in `config`, as TOML.
std::string value_text(const Config& config, const Option& option);

/// Stores `value` in `config` if the option takes it; otherwise changes nothing and returns false.
bool store(const Option& option, const Value& value, Config& config);

}  // namespace ppo
