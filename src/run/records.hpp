// Turns the engine's rows into records (running returns, solved or not), and defines the sinks that show or
// store them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/environment.hpp"
#include "ppo/metrics.hpp"
#include "run/evaluation.hpp"

namespace ppo {

/// One agent's update, with what follows from its row. An empty optional is "there is no such number".
struct Record {
  std::int64_t agent = 0;
  std::uint64_t seed = 0;
  UpdateRow row;
  std::int64_t steps = 0;             // of this agent since the start, this update included
  std::optional<double> return_mean;  // of the episodes that ended in this update
  std::optional<double> length_mean;  // of the same
  std::optional<float> return_min;    // of the same
  std::optional<float> return_max;    // of the same
  std::optional<double> return_100;   // over the latest updates that together ended >= 100 episodes
  /// Of the returns by the values; none where the returns are all equal.
  std::optional<double> explained_variance;
};

/// When an update was done.
struct Timing {
  double wall_s = 0;       // since training started
  double steps_per_s = 0;  // of all agents together, since training started
};

/// Takes records as they come: an update's, and an evaluation's. Agents that are done have none.
class MetricsSink {
 public:
  virtual ~MetricsSink() = default;
  virtual void update(std::span<const Record> agents, const Timing& timing) = 0;
  virtual void evaluated(std::span<const EvalRecord>) {}
};

/// return_100 of one agent.
class ReturnWindow {
 public:
  /// An update that ended episodes.
  struct Entry {
    std::int64_t episodes;
    double return_sum;
  };

  /// At most so many updates together have ended 100 episodes.
  static constexpr std::size_t kMostEntries = 100;

  ReturnWindow() = default;
  explicit ReturnWindow(const std::vector<Entry>& entries);

  /// Adds an update; returns the mean.
  std::optional<double> add(std::int64_t episodes, double return_sum);

  /// The mean over the latest updates that together ended at least 100 episodes.
  std::optional<double> mean() const;

  /// The same where fewer have ended so far; nothing before the first.
  std::optional<double> mean_so_far() const;

  const std::deque<Entry>& entries() const { return entries_; }

 private:
  std::deque<Entry> entries_;
  std::int64_t episodes_ = 0;
};

/// Turns one agent's rows into records and remembers when it had solved its task, and when it was done.
class AgentProgress {
 public:
  /// What it remembers from one update to the next.
  struct Memory {
    std::vector<ReturnWindow::Entry> window;
    std::optional<std::int64_t> solved_at_step;
    std::optional<std::int64_t> stopped_at;
  };

  AgentProgress(const Config& config, const EnvironmentInfo& environment, std::int64_t agent);

  const Record& add(const UpdateRow& row);

  /// After remember and before add it has just the agent, its seed and return_100.
  const Record& last() const { return record_; }
  std::optional<std::int64_t> solved_at_step() const { return solved_at_step_; }

  /// It has reached stop_at_return and is done, after so many updates.
  void stop(std::int64_t update) { stopped_at_ = update; }
  std::optional<std::int64_t> stopped_at() const { return stopped_at_; }

  Memory memory() const;
  void remember(const Memory& memory);

 private:
  std::int64_t batch_size_;
  std::optional<float> solved_return_;  // none: the time limit is not the one that "solved" is defined with
  ReturnWindow window_;
  Record record_;
  std::optional<std::int64_t> solved_at_step_;
  std::optional<std::int64_t> stopped_at_;
};

/// How a run ended, for the summary and run.json.
struct Outcome {
  static constexpr const char* kByDivergence = "diverged";
  static constexpr const char* kByFault = "fault";  // a number of an environment that is not finite

  std::vector<AgentProgress> agents;
  /// One an agent; none when the run diverged: the parameters may then be those of updates behind the last on
  /// record.
  std::vector<std::string> param_hashes;
  std::vector<std::string> policy_hashes;       // the same, statistics included; none if the agents have none
  std::vector<std::optional<BestPolicy>> best;  // [K] of evaluations
  std::vector<std::optional<EvalScore>> latest;  // [K] of them; none before that of this process
  std::int64_t evaluated_at = 0;                 // after so many updates last; 0: not yet
  std::int64_t updates = 0;                      // that ran
  std::int64_t steps = 0;                        // of all agents together
  double wall_s = 0;                             // of training
  std::optional<std::string> stopped_by;         // before the end: "SIGINT", ... or one of the above

  bool diverged() const { return stopped_by == kByDivergence; }

  /// All agents have reached stop_at_return.
  bool all_stopped() const;
};

}  // namespace ppo
