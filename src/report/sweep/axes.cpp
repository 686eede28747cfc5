#include "report/sweep/axes.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "system/text.hpp"

namespace ppo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double parsed(const std::string& value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size() ? number : kNone;
}

bool has_value(double value) {
  return !std::isnan(value);
}

/// Whether fewer than half of those that take part have a value.
bool lacks_values(const Measure& measure) {
  std::size_t all = 0;
  std::size_t some = 0;
  for (std::size_t i = 0; i < measure.values.size(); ++i) {
    all += measure.takes_part[i] != 0 ? 1 : 0;
    some += std::isnan(measure.values[i]) ? 0 : 1;
  }
  return 2 * some < all;
}

}  // namespace

KeyAxis::KeyAxis(const SweptKey& key, std::size_t place, const std::vector<ReportedTrial>& trials)
    : key_(key), values_(key.values) {
  if (!key.is_list()) return;
  for (const ReportedTrial& trial : trials) {
    if (std::ranges::find(values_, trial.values[place]) == values_.end())
      values_.push_back(trial.values[place]);
  }
}

double KeyAxis::scaled(double value) const {
  if (key_.scale == "log") return std::log(value);
  if (key_.scale == "log1m") return -std::log(1 - value);
  return key_.scale == "pow2" ? std::log2(value) : value;
}

double KeyAxis::position(const std::string& value) const {
  if (key_.is_list()) {
    const auto place = static_cast<double>(std::ranges::find(values_, value) - values_.begin());
    return values_.size() == 1 ? 0.5 : place / static_cast<double>(values_.size() - 1);
  }
  const double least = scaled(key_.least);
  const double place = (scaled(parsed(value)) - least) / (scaled(key_.most) - least);
  if (std::isnan(place)) return -kBeyond;
  constexpr double kRounding = 1e-9;
  if (place < 0) return place < -kRounding ? -kBeyond : 0;
  if (place > 1) return place > 1 + kRounding ? 1 + kBeyond : 1;
  return place;
}

Measure score_measure(const ReportedSweep& sweep) {
  Measure measure{.key = "score",
                  .title = "Score: " + metric_text(sweep),
                  .none = lower_is_better(sweep.metric) ? "not reached" : "none",
                  .lower_is_better = lower_is_better(sweep.metric)};
  for (const ReportedTrial& trial : sweep.trials) {
    measure.takes_part.push_back(trial.steps > 0 || trial.state == TrialState::diverged ? 1 : 0);
    measure.standings.push_back(trial.standing);
    measure.values.push_back(trial.standing.score);
    double low = kNone;
    double high = kNone;
    bool all = true;
    for (const double seed : trial.seeds) {
      low = std::fmin(low, seed);  // fmin and fmax prefer a number to NaN
      high = std::fmax(high, seed);
      all = all && !std::isnan(seed);
    }
    // The worst seed of some has not reached the target: that is the far end then.
    if (!all) (measure.lower_is_better ? high : low) = kNone;
    measure.lows.push_back(low);
    measure.highs.push_back(high);
  }
  return measure;
}

Measure first_rung_measure(const ReportedSweep& sweep) {
  Measure measure{.key = "first", .title = "", .none = "none", .lower_is_better = true, .by_rank = true};
  if (sweep.rungs.empty()) return measure;
  measure.title = sweep.cuts() ? "Rank at the first rung, after " + grouped(sweep.rungs.front()) +
                                     " steps, where no trial has been cut yet"
                               : std::string("Rank at the end");
  measure.title += lower_is_better(sweep.metric)
                       ? ": by score, those that tie or have none by the mean return of all evaluations"
                       : ": by score";
  for (const ReportedTrial& trial : sweep.trials) {
    const bool is_there = !trial.at_rung.empty();
    const RungStanding at = is_there ? trial.at_rung.front() : RungStanding{{}, kNone, kNone};
    measure.takes_part.push_back(is_there || trial.state == TrialState::diverged ? 1 : 0);
    measure.standings.push_back(at.standing);
    measure.values.push_back(rung_value(at.standing, sweep.metric));
    measure.lows.push_back(at.low);
    measure.highs.push_back(at.high);
  }
  return measure;
}

Measure so_far_measure(const ReportedSweep& sweep) {
  Measure measure{.key = "so far",
                  .title =
                      "Rank so far: by score, those that tie or have none by the mean return of all "
                      "evaluations; they have not trained for the same steps",
                  .none = "none",
                  .lower_is_better = true,
                  .by_rank = true};
  for (const ReportedTrial& trial : sweep.trials) {
    measure.takes_part.push_back(trial.steps > 0 || trial.state == TrialState::diverged ? 1 : 0);
    measure.standings.push_back(trial.standing);
    measure.values.push_back(rung_value(trial.standing, sweep.metric));
  }
  measure.lows = measure.highs = measure.values;
  return measure;
}

bool can_compare(const ReportedSweep& sweep) {
  return !sweep.keys.empty() && sweep.trials.size() > 1 &&
         std::ranges::any_of(measures(sweep).front().values, has_value);
}

std::vector<Measure> measures(const ReportedSweep& sweep) {
  std::vector<Measure> all = {score_measure(sweep)};
  Measure ranks = first_rung_measure(sweep);
  if (!std::ranges::any_of(ranks.values, has_value)) ranks = so_far_measure(sweep);
  if (!std::ranges::any_of(ranks.values, has_value)) return all;
  // An axis of scores would be made up.
  if (!std::ranges::any_of(all.front().values, has_value)) return {ranks};
  // Where none is cut and each has a score, ranks say no more.
  if (!sweep.cuts() && std::ranges::all_of(all.front().values, has_value)) return all;
  all.push_back(std::move(ranks));
  if (lacks_values(all.front())) std::swap(all[0], all[1]);
  return all;
}

Measure fair_measure(const ReportedSweep& sweep) {
  std::vector<Measure> all = measures(sweep);
  const auto first = std::ranges::find(all, "first", &Measure::key);
  return first == all.end() ? all.front() : *first;
}

ScoreAxis::ScoreAxis(const Measure& measure, SweepMetric metric)
    : logarithmic_(measure.lower_is_better && !measure.by_rank) {
  const std::vector<double> ranks = shared_ranks(measure.standings, metric);
  if (measure.by_rank) {
    rank(measure, ranks);
  } else {
    scale(measure, ranks);
  }
}

void ScoreAxis::rank(const Measure& measure, const std::vector<double>& ranks) {
  for (const double value : measure.values) {
    if (!std::isnan(value)) sorted_.push_back(value);
  }
  std::ranges::sort(sorted_);
  const auto count = static_cast<double>(std::ranges::count(measure.takes_part, 1));
  worst_ = std::max(count, 2.0);
  best_ = 1;
  for (const double one : ranks) positions_.push_back(std::clamp((worst_ - one) / (worst_ - 1), 0.0, 1.0));
}

void ScoreAxis::scale(const Measure& measure, const std::vector<double>& ranks) {
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  double valued = 0;  // trials that have a value
  for (std::size_t i = 0; i < measure.values.size(); ++i) {
    if (std::isnan(measure.values[i])) {
      lane_ = measure.takes_part[i] != 0 ? kLane : lane_;
      continue;
    }
    ++valued;
    least = std::min(least, measure.values[i]);
    most = std::max(most, measure.values[i]);
  }
  if (!(least <= most)) least = most = 1;
  if (logarithmic_ && !(least > 0)) logarithmic_ = false;
  if (least == most) most = least + std::max(1.0, std::abs(least) / 2);
  worst_ = measure.lower_is_better ? most : least;
  best_ = measure.lower_is_better ? least : most;
  const auto count = static_cast<double>(ranks.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double share = (count - ranks[i] + 0.5) / std::max(count - valued, 1.0);
    positions_.push_back(std::isnan(measure.values[i]) ? 0.85 * lane_ * std::clamp(share, 0.0, 1.0)
                                                       : position(measure.values[i]));
  }
}

double ScoreAxis::scaled(double value) const {
  return logarithmic_ ? std::log(value) : value;
}

double ScoreAxis::position(double value) const {
  if (std::isnan(value)) return lane_ / 2;
  if (!sorted_.empty()) {
    const auto above = static_cast<double>(sorted_.end() - std::ranges::upper_bound(sorted_, value));
    return std::clamp((worst_ - 1 - above) / (worst_ - 1), 0.0, 1.0);
  }
  const double place = (scaled(value) - scaled(worst_)) / (scaled(best_) - scaled(worst_));
  return lane_ + (1 - lane_) * std::clamp(place, 0.0, 1.0);
}

}  // namespace ppo
