// Builds a SweepConfig and remembers where each value came from, as Settings does for a Config.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "config/sweep/sweep_options.hpp"
#include "config/sweep/sweep_plan.hpp"

namespace ppo {

/// The keys of a config that a sweep leaves at their defaults: they mean something else to it, or nothing.
std::vector<std::string_view> keys_of_training();

class SweepSettings {
 public:
  Settings config;  // the keys above [sweep]

  /// Throws Failure(kWrongInput) when the option does not take the value.
  void set(const SweepOption& option, const Value& value, const Origin& origin);

  void add(Dimension dimension);

  /// The sweep, once everything that concerns several keys at once holds too, for every combination of the
  /// space if these can be listed; otherwise throws Failure(kWrongInput).
  SweepConfig checked() const;

 private:
  // Each throws Misfit (sweep_conflicts.cpp).
  void check_keys_of_training() const;
  void check_actions() const;
  void check_target() const;
  void check_seeds() const;
  void check_trials() const;
  void check_method() const;
  void check_grace() const;
  void check_evaluations() const;

  /// With defaults that fit the other keys, and without what a flag has made idle: what is printed and saved.
  SweepPlan resolved() const;

  /// That of whichever key, of [sweep] or of the config, the user gave most explicitly.
  Origin origin(std::initializer_list<std::string_view> sweep_keys,
                std::initializer_list<std::string_view> config_keys = {}) const;

  SweepPlan plan_;
  std::map<std::string_view, Origin> origins_;
};

}  // namespace ppo
