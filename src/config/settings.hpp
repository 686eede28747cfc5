// Builds a Config and remembers where each value came from, so that errors can point there.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/options.hpp"

namespace ppo {

/// Where a value was given. A flag overrides a file, and a file overrides the default.
struct Origin {
  enum Kind { kDefault, kFile, kFlag };
  Kind kind = kDefault;
  std::string where;  // "cartpole.toml:3:12", "--num-envs"
};

class Settings {
 public:
  /// Throws Failure(kWrongInput) when the option does not take the value.
  void set(const Option& option, const Value& value, const Origin& origin);

  /// The config, once everything that concerns several keys at once holds too; otherwise throws
  /// Failure(kWrongInput).
  const Config& checked() const;

  const Config& unchecked() const { return config_; }

 private:
  // What concerns several keys at once; each throws Failure(kWrongInput).
  void check_batch() const;
  void check_length() const;
  void check_seeds() const;
  void check_init_from() const;
  void check_evaluation() const;
  void check_evaluates(std::string_view key) const;

  /// "cartpole.toml:3:12: " of whichever key the user gave most explicitly, the first one on a tie.
  std::string blame(std::initializer_list<std::string_view> keys) const;

  Config config_;
  std::map<std::string_view, Origin> origins_;  // of all that is not default
};

}  // namespace ppo
