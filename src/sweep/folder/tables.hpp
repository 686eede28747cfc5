// The tables that a sweep leaves, as CSV. Numbers take the shortest form that reads back to the same bits.
#pragma once

#include <string>

#include "sweep/sweep.hpp"

namespace ppo {

/// trials.csv: a line a trial.
std::string trials_csv(const SweepConfig& sweep, const SweepState& state);

/// curves.csv: a line a point of a curve.
std::string curves_csv(const SweepState& state);

/// confirmed.csv: a line a trial that was trained anew, the best first.
std::string confirmed_csv(const SweepConfig& sweep, const SweepState& state);

/// schedule.csv: the values of a trial over its training.
std::string schedule_csv(const SweepConfig& sweep, const Trial& trial);

}  // namespace ppo
