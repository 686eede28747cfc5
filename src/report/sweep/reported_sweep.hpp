// All that a report says about a sweep, read from its folder.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/sweep/standing.hpp"

namespace ppo {

/// A key that the sweep tries values of.
struct SweptKey {
  std::string key;
  std::string scale = "list";            // or linear, log, log1m, pow2
  double least = 0;                      // not of a list
  double most = 0;                       // not of a list
  std::vector<std::string> values = {};  // of a list

  bool is_list() const { return scale == "list"; }
};

enum class TrialState { training, cut, control, finished, diverged };

struct ReportedTrial {
  std::vector<std::string> values;  // [keys] as trials.csv has them
  std::int64_t rungs = 0;           // passed
  std::int64_t steps = 0;           // trained by each of its agents
  std::vector<double> seeds = {};   // [seeds] the metric; NaN: not reached
  TrialState state = TrialState::training;
  std::optional<std::int64_t> cut_at = {};  // a control: would have been
  Standing standing = {};                   // now, or when it was cut
  std::vector<RungStanding> at_rung = {};   // [rungs that are reported] that it came to

  /// Would have been cut, but trained on to show what cutting costs.
  bool is_control() const { return cut_at && state != TrialState::cut; }
};

struct ConfirmedTrial {
  std::int64_t trial = 0;
  std::vector<std::string> values = {};  // [keys]
  double score = 0;                      // NaN: not reached, here and below
  double low = 0;
  double high = 0;
  std::int64_t reached = 0;        // of its seeds
  std::vector<double> seeds = {};  // [confirm_seeds]
};

/// Of trials that finished and have a score.
struct SweepControl {
  std::int64_t trials = 0;                // which train to the end, whatever their rank
  std::optional<std::int64_t> cut = {};   // the best of those that would have been cut
  std::optional<std::int64_t> kept = {};  // the best of all trials that passed every rung
};

/// The returns of a trial's agents, evaluation by evaluation.
struct TrialCurve {
  std::int64_t trial = 0;
  bool is_confirmation = false;
  struct Point {
    std::int64_t steps;
    std::vector<double> returns;  // of those seeds that have one there, the worst first
  };
  std::vector<Point> points = {};
  std::size_t seeds = 0;
};

/// From these steps on the values hold.
struct ScheduledValues {
  std::int64_t steps;
  std::vector<std::string> values;  // [keys]
};

/// How far a sweep has come.
enum class SweepStage {
  before_first_rung,  // there is no sweep.json: nothing below is known but its name and folder
  running,            // after a rung or more
  complete
};

struct ReportedSweep {
  std::string name;  // printable
  std::filesystem::path folder = {};
  std::string plan = {};  // sweep.toml
  SweepStage stage = SweepStage::before_first_rung;

  std::string env = {};
  std::string method = {};
  SweepMetric metric = SweepMetric::steps_to_greedy;
  std::optional<double> target_return = {};
  std::int64_t planned_trials = 0;
  std::vector<std::int64_t> seeds = {};
  std::vector<std::int64_t> confirm_seeds = {};
  std::vector<std::int64_t> rungs = {};  // [steps]
  std::int64_t total_timesteps = 0;
  std::vector<SweptKey> keys = {};
  std::vector<ReportedTrial> trials = {};    // by number
  std::vector<ConfirmedTrial> ranking = {};  // best first
  std::optional<SweepControl> control = {};
  std::vector<TrialCurve> curves = {};         // of confirmed trials, best first, and of trial 0
  std::vector<ScheduledValues> schedule = {};  // of pbt, by steps
  std::vector<std::pair<std::string, std::string>> facts = {};  // name, value

  /// Of more rungs only these are looked at. Methods that cut none are looked at after the last one.
  static constexpr std::size_t kMostRungs = 16;
  std::size_t reported_rungs() const;
  std::int64_t rung_steps(std::size_t rung) const { return cuts() ? rungs[rung] : rungs.back(); }

  bool is_complete() const { return stage == SweepStage::complete; }
  /// Where none has a score, the first of the ranking is no better than others.
  bool has_winner() const { return !ranking.empty() && !std::isnan(ranking.front().score); }
  bool cuts() const { return method == "halving"; }
};

/// Throws Failure(kWrongInput) when a file is missing or damaged, naming it and the line.
ReportedSweep read_reported_sweep(const std::filesystem::path& folder);

/// The rung at which a trial was cut, or as a control would have been: the one whose steps are nearest.
std::optional<std::size_t> cut_rung(const ReportedSweep& sweep, const ReportedTrial& trial);

/// All trials, the best first.
std::vector<std::size_t> trials_by_score(const ReportedSweep& sweep);

/// Nullptr: it was not confirmed.
const ConfirmedTrial* confirmed_trial(const ReportedSweep& sweep, std::int64_t number);

/// Of its seeds; NaN: one that has no score.
double best_seed(const ReportedSweep& sweep, const ConfirmedTrial& trial);
double worst_seed(const ReportedSweep& sweep, const ConfirmedTrial& trial);

/// A trial's or seed's score in words: "31,744 steps", "487.50", "not reached".
std::string score_text(const ReportedSweep& sweep, double score);

/// "steps to a greedy return of 475", ...
std::string metric_text(const ReportedSweep& sweep);

/// A value as a person reads it: of a long number four digits that count.
std::string short_value(const std::string& value);

}  // namespace ppo
