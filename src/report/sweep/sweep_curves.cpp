// curves.csv, which may be long: read trial by trial, and only the curves that are shown are kept.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

#include "formats/csv_reader.hpp"
#include "report/sweep/judge.hpp"
#include "report/sweep/sweep_files.hpp"
#include "report/sweep/update_steps.hpp"
#include "system/sort_stably.hpp"
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

/// Of one trial, as curves.csv has it.
using SeedCurves = std::map<std::int64_t, std::vector<CurvePoint>>;

/// What divides the steps of all its evaluations, where nobody knows the steps of an update: mostly those, or
/// a multiple that does as well.
std::int64_t stride_of(const SeedCurves& curves, std::int64_t steps) {
  std::int64_t stride = steps;
  for (const auto& [seed, points] : curves) {
    for (const CurvePoint& point : points) stride = std::gcd(stride, point.steps);
  }
  return std::max<std::int64_t>(stride, 1);
}

/// The agents of a trial after those steps, which end an update. Each that has not diverged has an evaluation
/// there, except of training episodes where none has ended yet; both rank as diverged ones do.
std::vector<SweepAgent> agents_after(const ReportedSweep& sweep, const SeedCurves& curves,
                                     std::int64_t steps) {
  std::vector<SweepAgent> agents;
  for (const std::int64_t seed : sweep.seeds) {
    SweepAgent& agent = agents.emplace_back();
    const auto curve = curves.find(seed);
    if (curve == curves.end()) continue;
    const auto end = std::ranges::upper_bound(curve->second, steps, {}, &CurvePoint::steps);
    agent.curve.assign(curve->second.begin(), end);
    agent.has_diverged = agent.curve.empty() || agent.curve.back().steps != steps;
  }
  return agents;
}

/// Rungs that a trial has come to, whether it went on or not.
std::size_t rungs_of(const ReportedSweep& sweep, const ReportedTrial& trial) {
  const auto passed = static_cast<std::size_t>(trial.rungs);
  std::size_t rungs = sweep.cuts() ? passed : passed / std::max<std::size_t>(sweep.rungs.size(), 1);
  if (trial.state == TrialState::diverged && rungs > 0) --rungs;  // before it came to that one
  if (const auto cut = cut_rung(sweep, trial)) rungs = std::max(rungs, *cut + 1);
  return std::min(rungs, sweep.reported_rungs());
}

/// A trial passes a rung at the first update that ends with at least its steps, or at its last one.
void take_standings(const ReportedSweep& sweep, const UpdateSteps& update, const SeedCurves& curves,
                    Judge& judge, ReportedTrial& trial) {
  const std::int64_t stride = update.of(trial).value_or(stride_of(curves, trial.steps));
  for (std::size_t rung = 0; rung < rungs_of(sweep, trial); ++rung) {
    const std::int64_t whole = (sweep.rung_steps(rung) + stride - 1) / stride * stride;
    const std::int64_t steps = std::min(whole, trial.steps);
    trial.at_rung.push_back(judge.rung_standing(agents_after(sweep, curves, steps)));
  }
  if (trial.state == TrialState::diverged) return;
  const Standing now = judge.standing(agents_after(sweep, curves, trial.steps));
  trial.standing.mean_return = now.mean_return;
  trial.standing.reached = now.reached;
}

TrialCurve curve_of(std::int64_t trial, bool is_confirmation, const SeedCurves& curves) {
  TrialCurve curve{.trial = trial, .is_confirmation = is_confirmation, .seeds = curves.size()};
  std::map<std::int64_t, std::vector<double>> returns;
  for (const auto& [seed, points] : curves) {
    for (const CurvePoint& point : points) returns[point.steps].push_back(point.value);
  }
  for (auto& [steps, values] : returns) {
    std::ranges::sort(values);
    curve.points.push_back({steps, std::move(values)});
  }
  return curve;
}

/// The trials whose curves are shown, best first: those confirmed, or before that the best so far.
std::vector<std::int64_t> best_trials(const ReportedSweep& sweep) {
  std::vector<std::int64_t> best;
  for (const ConfirmedTrial& trial : sweep.ranking) best.push_back(trial.trial);
  if (best.empty()) {
    for (const std::size_t i : trials_by_score(sweep)) best.push_back(static_cast<std::int64_t>(i));
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
  const auto rank = [&](const TrialCurve& curve) { return std::ranges::find(best, curve.trial); };
  sort_stably(sweep.curves, [&](const TrialCurve& a, const TrialCurve& b) { return rank(a) < rank(b); });
}

/// Calls take(row, curves) with a row of each trial in each stage.
void for_each_trial(const ReportedSweep& sweep,
                    const std::function<void(const Row&, const SeedCurves&)>& take) {
  CsvReader csv(sweep.folder / "curves.csv", RunEnded::yes);
  CurvesReader reader(csv, sweep);
  SeedCurves curves;
  Row last;
  const auto end_trial = [&] {
    if (!curves.empty()) take(last, curves);
    curves.clear();
  };
  while (reader.next()) {
    const Row& row = reader.row();
    if (!row.same_trial(last)) end_trial();
    if (!std::isnan(row.mean_return)) curves[row.seed].push_back({row.steps, row.mean_return});
    last = row;
  }
  end_trial();
}

}  // namespace

void read_sweep_curves(ReportedSweep& sweep) {
  Judge judge(sweep.metric, sweep.target_return);
  const UpdateSteps update(sweep);
  std::vector<bool> has_curves(sweep.trials.size());
  for_each_trial(sweep, [&](const Row& row, const SeedCurves& curves) {
    if (row.is_confirmation) return;
    const auto trial = static_cast<std::size_t>(row.trial);
    take_standings(sweep, update, curves, judge, sweep.trials[trial]);
    has_curves[trial] = true;
  });
  for (std::size_t trial = 0; trial < sweep.trials.size(); ++trial) {
    if (!has_curves[trial]) take_standings(sweep, update, {}, judge, sweep.trials[trial]);
  }
  // Which curves are shown depends on the standings.
  const std::vector<std::int64_t> best = best_trials(sweep);
  for_each_trial(sweep, [&](const Row& row, const SeedCurves& curves) {
    const bool is_best = row.trial == 0 || std::ranges::find(best, row.trial) != best.end();
    if (!is_best || row.is_confirmation != is_confirmed(sweep, row.trial)) return;
    sweep.curves.push_back(curve_of(row.trial, row.is_confirmation, curves));
  });
  sort_curves(sweep, best);
}

}  // namespace ppo
