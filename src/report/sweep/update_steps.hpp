// How many steps an update of a trial has: curves have points only at the ends of updates.
#pragma once

#include <cstdint>
#include <optional>

#include "report/sweep/reported_sweep.hpp"

namespace ppo {

class UpdateSteps {
 public:
  explicit UpdateSteps(const ReportedSweep& sweep);

  /// Nothing where sweep.toml or the trial's values cannot be read.
  std::optional<std::int64_t> of(const ReportedTrial& trial) const;

 private:
  const ReportedSweep& sweep_;
  std::optional<std::int64_t> num_envs_, num_steps_;  // of the config as it stands
};

}  // namespace ppo
