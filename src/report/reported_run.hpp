// All that a report says about one run, read from its folder.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/charts.hpp"
#include "report/curve.hpp"
#include "run/evaluation.hpp"
#include "run/run_json_reader.hpp"
#include "run/saved/saved_run.hpp"

namespace ppo {

struct ReportedAgent {
  std::uint64_t seed = 0;
  std::optional<double> return_100 = {};            // after the last update
  std::optional<std::int64_t> solved_at_step = {};  // of its own steps
  std::optional<EvalScore> best = {};               // of its evaluations
  std::optional<std::int64_t> stopped_at = {};      // after so many updates, if stop_at_return was reached
  std::optional<std::string> param_hash = {};
};

struct ReportedRun {
  std::string name;  // printable
  SavedRun saved;
  std::optional<RunEnding> ending = {};      // none: it has not ended, or was killed
  std::optional<double> solved_return = {};  // none: "solved" belongs to another time limit
  std::array<Curve, kChartCount> curves = {};
  Curve evaluations{Curve::kMostDots};
  std::vector<ReportedAgent> agents = {};  // [K]
  std::int64_t updates = 0;                // on record
  std::int64_t steps = 0;                  // of all agents together
  double wall_s = 0;
  double steps_per_s = 0;

  const Config& config() const { return saved.config; }
  bool is_population() const { return agents.size() > 1; }
  std::int64_t steps_at(std::int64_t update) const { return update * batch_size(config().hyper); }
  bool has_policy() const { return ending && !ending->diverged(); }
  /// "was stopped by SIGINT after 30 of 61 updates", ...
  std::string state() const;
  /// "20 greedy episodes", which an evaluation plays.
  std::string evaluation() const;
  /// "475", the stop_at_return.
  std::string stop_return() const;
};

/// Throws Failure(kWrongInput) when the folder holds no run, or a damaged one. A run that still goes on, was
/// killed, was stopped or has diverged is read as far as it came.
ReportedRun read_reported_run(const std::filesystem::path& folder);

/// The same of several, with names that tell them apart.
std::vector<ReportedRun> read_reported_runs(std::span<const std::filesystem::path> folders);

/// "evaluations of 20 greedy episodes each", as far as that holds for all runs that have any; empty where
/// none has.
std::string evaluations_text(std::span<const ReportedRun> runs);

/// Finite values of return_100, in no order.
std::vector<double> final_returns(const ReportedRun& run);

/// "487.30 ± 12.50".
std::string best_text(const EvalScore& best);

/// Mean returns of the agents' best evaluations, in no order.
std::vector<double> best_returns(const ReportedRun& run);

/// The agent whose final return is the median one (the lower of two, the first on a tie); 0 when none has
/// any.
std::int64_t median_agent(const ReportedRun& run);

}  // namespace ppo
