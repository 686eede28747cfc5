// What the rest of a run's folder says about its tables.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "config/config.hpp"
#include "formats/csv_reader.hpp"

namespace ppo {

struct RunExtent {
  std::int64_t num_agents = 1;
  std::int64_t first_seed = 0;                 // the agents' seeds follow it
  std::int64_t batch = 1;                      // steps of an agent in an update
  std::int64_t num_updates = 0;                // as planned
  std::optional<std::int64_t> updates_made{};  // after run.json; none: the run has not ended
  std::int64_t eval_every = 0;                 // [updates]
  bool agents_stop = false;                    // each at an update of its own
  /// [K] updates that each makes; empty: unknown if agents_stop, else all.
  std::vector<std::int64_t> ends = {};

  RunEnded ended() const { return updates_made ? RunEnded::yes : RunEnded::no; }
};

/// Refuses a row that has not the steps which an agent makes in so many updates.
void check_steps(const CsvReader& csv, std::int64_t steps, std::int64_t updates, const RunExtent& run);

/// Without updates_made and ends.
RunExtent extent_of(const Config& config);

/// The `ends` of agents of which some have stopped before the run's last planned update.
std::vector<std::int64_t> ends_of(const std::vector<std::optional<std::int64_t>>& stopped_at,
                                  std::int64_t num_updates);

}  // namespace ppo
