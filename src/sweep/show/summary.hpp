// What is said of a sweep at its end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sweep/sweep.hpp"
#include "terminal/colour.hpp"

namespace ppo {

/// "steps to 475", "return_100", "best eval".
std::string metric_name(const SweepPlan& plan, double target);

/// "12,288", "475.20", or "-" where there is none.
std::string metric_text(const SweepPlan& plan, const std::optional<double>& metric);

/// "lr 0.002, gamma 0.98".
std::string values_text(const SweepConfig& sweep, const Trial& trial);

/// "successive halving", ...
std::string method_text(const SweepPlan& plan);

/// The shell command that trains what the sweep of that folder has found, as it was confirmed.
std::string train_command(const SweepConfig& sweep, const std::filesystem::path& folder);

/// What this process has done of it, and what all have.
struct SweepEffort {
  std::int64_t steps;
  double seconds;
  std::int64_t steps_in_all;
  double seconds_in_all;
};

/// Labels and texts.
std::vector<std::pair<std::string, std::string>> summary_of(const SweepConfig& sweep, const SweepState& state,
                                                            const SweepEffort& run, const Style& style);

}  // namespace ppo
