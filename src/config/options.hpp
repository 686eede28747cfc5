// The single table of everything that can be configured. The TOML reader, the flags, --help, --print-config,
// the saved config and docs/config.md are generated from it. The defaults are those of a default Config.
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

/// In the order of the help and of a saved config; options of the same group are adjacent.
std::span<const Option> options();

/// nullptr if no key has that name.
const Option* find_option(std::string_view key);

/// Whether the option cannot change the result of a run: it belongs to RunOptions.
bool may_change(const Option& option);

/// Suggests a key for `wrong`, "did you mean 'lr'?", or says where all are listed.
std::string suggest_key(std::string_view wrong);

/// "time limit of an episode; 0 means none [steps]"
std::string help_with_unit(const Option& option);

/// The option's value in `config`, as TOML.
std::string value_text(const Config& config, const Option& option);

/// The same without quotes, of an option whose texts need no escapes.
std::string bare_text(const Config& config, const Option& option);

/// Stores `value` in `config` if the option takes it; otherwise changes nothing and returns false.
bool store(const Option& option, const Value& value, Config& config);

}  // namespace ppo
