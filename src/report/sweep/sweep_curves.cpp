// curves.csv, which may be long: read trial by trial, and only the curves that are shown are kept.
#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>

#include "formats/csv_reader.hpp"
#include "report/sweep/sweep_files.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostCurves = 5;  // and trial 0: more would hide each other

struct Row {
  bool is_confirmation = false;
  std::int64_t trial = 0;
  std::int64_t seed = 0;
  std::int64_t steps = 0;
  double mean_return = 0;

  auto place() const { return std::tie(is_confirmation, trial, seed, steps); }
  bool same_trial(const Row& other) const {
    return is_confirmation == other.is_confirmation && trial == other.trial;
  }
};

class CurvesReader {
 public:
  CurvesReader(CsvReader& csv, const ReportedSweep& sweep)
      : csv_(csv),
        sweep_(sweep),
        stage_(csv.column("stage")),
        trial_(csv.column("trial")),
        seed_(csv.column("seed")),
        steps_(csv.column("steps")),
        return_(csv.column("return")) {}

  bool next() {
    if (!csv_.next()) return false;
    const Row before = row_;
    row_ = {.is_confirmation = is_confirmation(),
            .trial = csv_.whole(trial_),
            .seed = csv_.whole(seed_),
            .steps = csv_.whole(steps_),
            .mean_return = csv_.real(return_)};
    if (row_.trial < 0 || row_.trial >= sweep_.planned_trials) csv_.refuse("there is no such trial");
    const auto& seeds = row_.is_confirmation ? sweep_.confirm_seeds : sweep_.seeds;
    if (std::ranges::find(seeds, row_.seed) == seeds.end()) csv_.refuse("there is no such seed");
    if (!is_first_ && !(before.place() < row_.place())) csv_.refuse("the rows are not in order");
    is_first_ = false;
    return true;
  }

  const Row& row() const { return row_; }

 private:
  bool is_confirmation() const {
    const std::string_view stage = csv_.text(stage_);
    if (stage != "sweep" && stage != "confirm") {
      csv_.refuse("stage must be sweep or confirm, not " + quote(stage));
    }
    return stage == "confirm";
  }

  CsvReader& csv_;
  const ReportedSweep& sweep_;
  std::size_t stage_, trial_, seed_, steps_, return_;
  Row row_;
  bool is_first_ = true;
};

using Point = std::pair<std::int64_t, double>;

/// Where a seed stood at the steps of each rung, and at last.
std::vector<Standing> standings_of(const std::vector<Point>& points, const ReportedSweep& sweep) {
  SeedProgress progress(sweep.metric, sweep.target_return);
  std::vector<Standing> standings;
  std::size_t next = 0;
  for (std::size_t rung = 0; rung < sweep.reported_rungs(); ++rung) {
    for (; next < points.size() && points[next].first <= sweep.rungs[rung]; ++next) {
      progress.add(points[next].first, points[next].second);
    }
    standings.push_back(progress.standing());
  }
  for (; next < points.size(); ++next) progress.add(points[next].first, points[next].second);
  standings.push_back(progress.standing());
  return standings;
}

/// Rungs that a trial has come to, whether it went on or not.
std::size_t rungs_of(const ReportedSweep& sweep, const ReportedTrial& trial) {
  auto rungs = static_cast<std::size_t>(trial.rungs);
  if (const auto cut = cut_rung(sweep, trial)) rungs = std::max(rungs, *cut + 1);
  return std::min(rungs, sweep.reported_rungs());
}

RungStanding rung_standing(const std::vector<Standing>& seeds, SweepMetric metric) {
  RungStanding at{median_standing(seeds, metric), NAN, NAN};
  for (const Standing& seed : seeds) {
    at.low = std::fmin(at.low, rung_value(seed, metric));  // fmin and fmax prefer a number to NaN
    at.high = std::fmax(at.high, rung_value(seed, metric));
  }
  return at;
}

/// seeds[seed] as standings_of() has it.
void take_standings(ReportedSweep& sweep, std::int64_t number, const std::vector<std::vector<Point>>& seeds) {
  ReportedTrial& trial = sweep.trials[static_cast<std::size_t>(number)];
  std::vector<std::vector<Standing>> standings;
  for (const auto& points : seeds) standings.push_back(standings_of(points, sweep));
  const auto at = [&](std::size_t rung) {
    std::vector<Standing> column;
    for (const auto& one : standings) column.push_back(one[rung]);
    return column;
  };
  for (std::size_t rung = 0; rung < rungs_of(sweep, trial); ++rung) {
    trial.at_rung.push_back(rung_standing(at(rung), sweep.metric));
  }
  trial.standing.latest = median_standing(at(sweep.reported_rungs()), sweep.metric).latest;
}

TrialCurve curve_of(std::int64_t trial, bool is_confirmation, const std::vector<std::vector<Point>>& seeds) {
  TrialCurve curve{.trial = trial, .is_confirmation = is_confirmation, .seeds = seeds.size()};
  std::vector<Point> all;
  for (const auto& points : seeds) all.insert(all.end(), points.begin(), points.end());
  std::ranges::sort(all);
  for (const auto& [steps, mean_return] : all) {
    if (curve.points.empty() || curve.points.back().steps != steps) curve.points.push_back({steps, {}});
    curve.points.back().returns.push_back(mean_return);
  }
  return curve;
}

/// The trials whose curves are shown, best first: those confirmed, or before that the best so far.
std::vector<std::int64_t> best_trials(const ReportedSweep& sweep) {
  std::vector<std::int64_t> best;
  for (const ConfirmedTrial& trial : sweep.ranking) best.push_back(trial.trial);
  if (best.empty()) {
    for (std::size_t i = 0; i < sweep.trials.size(); ++i) {
      if (!std::isnan(sweep.trials[i].standing.score)) best.push_back(static_cast<std::int64_t>(i));
    }
    const auto standing = [&](std::int64_t i) { return sweep.trials[static_cast<std::size_t>(i)].standing; };
    std::ranges::stable_sort(
        best, [&](const Standing& a, const Standing& b) { return is_better(a, b, sweep.metric); }, standing);
  }
  if (best.size() > kMostCurves) best.resize(kMostCurves);
  return best;
}

/// Whether the trial has been trained again: if not, the seeds of the sweep have to do.
bool is_confirmed(const ReportedSweep& sweep, std::int64_t trial) {
  return std::ranges::find(sweep.ranking, trial, &ConfirmedTrial::trial) != sweep.ranking.end();
}

/// In that order; trial 0, where it is none of the best, last.
void sort_curves(ReportedSweep& sweep, const std::vector<std::int64_t>& best) {
  std::ranges::stable_sort(sweep.curves, {}, [&](const TrialCurve& curve) {
    return std::ranges::find(best, curve.trial) - best.begin();
  });
}

}  // namespace

void read_sweep_curves(ReportedSweep& sweep) {
  CsvReader csv(sweep.folder / "curves.csv", RunEnded::yes);
  CurvesReader reader(csv, sweep);
  const std::vector<std::int64_t> best = best_trials(sweep);
  std::vector<std::vector<Point>> seeds;
  Row last;
  const auto end_trial = [&] {
    if (seeds.empty()) return;
    if (!last.is_confirmation) take_standings(sweep, last.trial, seeds);
    const bool is_best = last.trial == 0 || std::ranges::find(best, last.trial) != best.end();
    if (is_best && last.is_confirmation == is_confirmed(sweep, last.trial)) {
      sweep.curves.push_back(curve_of(last.trial, last.is_confirmation, seeds));
    }
    seeds.clear();
  };
  while (reader.next()) {
    const Row& row = reader.row();
    if (!row.same_trial(last)) end_trial();
    if (seeds.empty() || row.seed != last.seed) seeds.emplace_back();
    if (!std::isnan(row.mean_return)) seeds.back().emplace_back(row.steps, row.mean_return);
    last = row;
  }
  end_trial();
  sort_curves(sweep, best);
}

}  // namespace ppo
