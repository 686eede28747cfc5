// The table of the keys of [sweep], and which keys of a config a sweep may vary. The reader, the flags,
// --help, the saved sweep and docs/config.md are generated from it. The defaults are those of a default
// SweepPlan.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/domain.hpp"
#include "config/options.hpp"
#include "config/sweep/sweep_plan.hpp"

namespace ppo {

struct SweepOption {
  std::string_view key;
  Domain domain;
  std::string_view unit;  // may be empty
  std::string_view help;
  Field (*field)(SweepPlan&);
};

/// In the order of the help and of a saved sweep.
std::span<const SweepOption> sweep_options();

/// nullptr if [sweep] has no key of that name.
const SweepOption* find_sweep_option(std::string_view key);

/// Suggests a key of [sweep] for `wrong`, or says where all are listed.
std::string suggest_sweep_key(std::string_view wrong);

std::string help_with_unit(const SweepOption& option);

/// The option's value in `plan`, as TOML.
std::string value_text(const SweepPlan& plan, const SweepOption& option);

/// Stores `value` in `plan` if the option takes it; otherwise changes nothing and returns false.
bool store(const SweepOption& option, const Value& value, SweepPlan& plan);

enum class Sweepable {
  no,
  tuning,  // each agent may have its own, and change it while it trains
  shape    // of what an agent is made: agents that differ train apart
};

Sweepable sweepable(const Option& option);

/// Whether a tuning can get another value while an agent trains: what it has begun with, its statistics and
/// its first deviations, cannot.
bool may_change_during_training(const Option& option);

/// The keys of a kind, in the order of the help.
std::vector<std::string> sweepable_keys(Sweepable kind);

/// Those of both kinds.
std::vector<std::string> all_sweepable_keys();

/// A line of [sweep.space] for a key that may be swept: `lr = { min = 1e-4, max = 1e-2, scale = "log" }`.
std::string space_example(const Option& option);

/// For a key that may not be swept: why, and what to write instead. "...; write ..."
std::string why_not_sweepable(const Option& option);

/// Whether it takes whole numbers, be it only some.
bool is_whole(const Option& option);

}  // namespace ppo
