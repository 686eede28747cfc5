// What a sweep has found: its best trials as new seeds confirm them, and what cutting has cost.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sweep/score.hpp"
#include "sweep/sweep.hpp"

namespace ppo {

/// A trial that has been trained anew.
struct Confirmed {
  const Trial* trial;
  Score score;
  std::vector<std::optional<double>> metrics;  // of its seeds, the best first
  std::optional<double> low, high;             // the least and the largest metric
  std::int64_t reached;                        // seeds that have one
};

/// Whether seeds differ so much that the median says little: not all have reached it, one took more than
/// twice the steps of another, or returns span more than a fifth of their median.
bool is_wide(const SweepPlan& plan, const Confirmed& found);

/// The best first. All have been confirmed.
std::vector<Confirmed> ranking(const SweepConfig& sweep, const SweepState& state);

/// The trials that were never cut show what cutting has cost.
struct Control {
  std::int64_t trials;
  const Trial* best_kept = nullptr;  // the best of all that passed every rung; nullptr: none
  const Trial* best_cut = nullptr;   // the best of the control that did not

  /// Whether cutting would have lost the best of these two; none: they cannot be compared.
  std::optional<bool> has_cost = {};
};

/// Nothing where there is no control, or trials still train.
std::optional<Control> control_of(const SweepConfig& sweep, const SweepState& state);

}  // namespace ppo
