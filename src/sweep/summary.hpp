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

/// "ppo_train --config BEST", for a shell.
std::string train_command(const std::filesystem::path& config);

/// What this process has done of it.
struct SweepEffort {
  std::int64_t steps;
  double seconds;
};

/// Labels and texts.
std::vector<std::pair<std::string, std::string>> summary_of(const SweepConfig& sweep, const SweepState& state,
                                                            const SweepEffort& run, const Style& style);

}  // namespace ppo
