// Records the progress of training: turns rows into records for the sinks, and keeps the outcome.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/engine.hpp"
#include "run/records.hpp"
#include "system/stopwatch.hpp"
#include "training/divergence.hpp"

namespace ppo {

/// Takes what the engine hands over, update by update, to the sinks and into the outcome.
class Recorder {
 public:
  /// Goes on with the updates and the time that `outcome` has already.
  Recorder(const Config& config, Outcome& outcome, std::vector<MetricsSink*> sinks);

  /// Rows [updates][K]. Those of agents that are done, and those behind an update that diverged are dropped,
  /// and so are those of an update with a fault: it is not done.
  void add(std::span<const UpdateRow> rows);

  /// Looks at the parameters, too. Nothing may be queued in the engine.
  void check(const Engine& engine);

  /// Which number of which update is not finite, if one is, and the likely cause.
  const std::optional<Divergence>& divergence() const { return divergence_; }

  /// Nothing is left to train: an agent has diverged, or all are done.
  bool is_over() const { return divergence_ || outcome_.all_stopped(); }

 private:
  void add_update(std::span<const UpdateRow> rows);

  const Config& config_;
  Outcome& outcome_;
  std::vector<MetricsSink*> sinks_;
  std::vector<Record> records_;  // of the latest update
  std::optional<Divergence> divergence_;
  double wall_s_before_;
  Stopwatch watch_;
};

}  // namespace ppo
