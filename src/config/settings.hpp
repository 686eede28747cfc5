// Builds a Config and remembers where each value came from, so that errors can point there.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/options.hpp"
#include "system/errors.hpp"

namespace ppo {

/// Where a value was given. A flag overrides a file, and a file overrides the default.
struct Origin {
  enum Kind { kDefault, kFile, kFlag };
  Kind kind = kDefault;
  std::string where;  // "cartpole.toml:3:12", "--num-envs"
};

/// What several keys together must not be.
class Misfit : public Failure {
 public:
  Misfit(const Origin& origin, const std::string& problem, const std::string& advice);

  Origin origin;        // of the one to blame; that of a default if all of them have theirs
  std::string problem;  // "num_minibatches 5 does not divide ..."
};

/// "cartpole.toml:3:12: lr takes ..., not ...; for example lr = 0.001", for a value that the key does not
/// take. `usual` is one that it takes, as TOML.
std::string refusal_at(const Origin& origin, std::string_view key, const Domain& domain, const Value& value,
                       std::string usual);

/// "8192 samples (num_envs 64 x num_steps 128)", of a batch.
std::string batch_text(const Sizes& sizes);

class Settings {
 public:
  Settings() = default;
  explicit Settings(const Config& config) : config_(config) {}

  /// Throws Failure(kWrongInput) when the option does not take the value.
  void set(const Option& option, const Value& value, const Origin& origin);

  /// The config, once everything that concerns several keys at once holds too; otherwise throws
  /// Misfit.
  const Config& checked() const;

  /// The same for a config that somebody else evaluates: a sweep.
  const Config& checked_but_evaluations() const;

  const Config& unchecked() const { return config_; }

  /// That of whichever key the user gave most explicitly, the first one on a tie.
  Origin origin(std::initializer_list<std::string_view> keys) const;

 private:
  // What concerns several keys at once; each throws Misfit.
  void check_batch() const;
  void check_length() const;
  void check_seeds() const;
  void check_init_from() const;
  void check_evaluation() const;
  void check_evaluates(std::string_view key) const;

  Config config_;
  std::map<std::string_view, Origin> origins_;  // of all that is not default
};

}  // namespace ppo
