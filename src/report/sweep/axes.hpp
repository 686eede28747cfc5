// Where the charts of a sweep put values and scores.
#pragma once

#include <string>
#include <vector>

#include "report/sweep/reported_sweep.hpp"

namespace ppo {

/// The axis of a key: its range from 0 to 1, in its scale.
class KeyAxis {
 public:
  /// What lies outside of the range, as the config as it stands may, is drawn so far beyond its end.
  static constexpr double kBeyond = 0.04;

  /// The list of a key that has one is followed by what else its trials have.
  KeyAxis(const SweptKey& key, std::size_t place, const std::vector<ReportedTrial>& trials);

  double position(const std::string& value) const;
  static bool is_inside(double position) { return position >= 0 && position <= 1; }
  /// Of a list.
  const std::vector<std::string>& values() const { return values_; }

 private:
  double scaled(double value) const;

  SweptKey key_;
  std::vector<std::string> values_;
};

/// What trials are compared by: their score, or how they stood at the first rung.
struct Measure {
  std::string key = {};    // in the page's data
  std::string title = {};  // for a person
  std::string none = {};   // what is said of those that have no value
  bool lower_is_better = false;
  bool by_rank = false;  // trials are placed by their rank, as their values would crowd at one end
  std::vector<char> takes_part = {};          // [trials] a trial that has not trained yet does not
  std::vector<Standing> standings = {};       // [trials]
  std::vector<double> values = {};            // [trials] NaN: none
  std::vector<double> lows = {}, highs = {};  // [trials] over its seeds
};

Measure score_measure(const ReportedSweep& sweep);
/// Empty standings where there is no rung to look at.
Measure first_rung_measure(const ReportedSweep& sweep);
/// Ranks as they are before the first rung.
Measure so_far_measure(const ReportedSweep& sweep);
/// The measures that the page offers, the one to begin with first.
std::vector<Measure> measures(const ReportedSweep& sweep);
/// Whether there are several trials, one at least with a value, and keys to compare them over.
bool can_compare(const ReportedSweep& sweep);
/// The one at which all trials are the most alike in all but their values: at the first rung, else the score.
Measure fair_measure(const ReportedSweep& sweep);

/// The axis of a measure: 1 is the best of the trials. Steps are logarithmic. Where trials have no
/// value there is a lane for those below the worst.
class ScoreAxis {
 public:
  static constexpr double kLane = 0.28;  // where it is needed

  ScoreAxis(const Measure& measure, SweepMetric metric);

  double worst() const { return worst_; }
  double best() const { return best_; }
  double lane() const { return lane_; }
  bool is_logarithmic() const { return logarithmic_; }

  double position(double value) const;  // of NaN: the middle of the lane
  /// [trials] Those in the lane are in the order of their standings.
  const std::vector<double>& positions() const { return positions_; }

 private:
  void rank(const Measure& measure, const std::vector<double>& ranks);
  void scale(const Measure& measure, const std::vector<double>& ranks);
  double scaled(double value) const;

  bool logarithmic_;
  double worst_ = 0, best_ = 1, lane_ = 0;
  std::vector<double> positions_;
  std::vector<double> sorted_;  // by rank: the values, from the least
};

}  // namespace ppo
