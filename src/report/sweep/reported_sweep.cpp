#include "report/sweep/reported_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "config/config_file.hpp"
#include "report/html.hpp"
#include "report/sweep/sweep_files.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/sort_stably.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string read_plan(const std::filesystem::path& file) {
  try {
    return read_file(file, std::size_t{1} << 20);
  } catch (const Unreadable& problem) {
    throw Failure(kWrongInput, printable(file.native()) + ": " + problem.what());
  }
}

std::string name_of(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path whole = std::filesystem::absolute(folder, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // there was a '/' at its end
  return printable(whole.filename().native());
}

/// From trials.csv: what earlier versions wrote of it to sweep.json compares the controls among themselves.
void find_control(ReportedSweep& sweep) {
  for (const std::size_t place : trials_by_score(sweep)) {
    const ReportedTrial& trial = sweep.trials[place];
    if (trial.state != TrialState::finished || std::isnan(trial.standing.score)) continue;
    std::optional<std::int64_t>& best = trial.cut_at ? sweep.control->cut : sweep.control->kept;
    if (!best) best = static_cast<std::int64_t>(place);
  }
}

}  // namespace

std::size_t ReportedSweep::reported_rungs() const {
  return std::min(rungs.size(), cuts() ? kMostRungs : 1);
}

ReportedSweep read_reported_sweep(const std::filesystem::path& folder) {
  ReportedSweep sweep{.name = name_of(folder), .folder = folder};
  sweep.plan = read_plan(folder / kSweepFile);
  read_sweep_facts(sweep);
  if (!read_sweep_json(sweep)) return sweep;
  read_trials(sweep);
  if (sweep.is_complete()) read_confirmed(sweep);
  read_sweep_curves(sweep);
  read_schedule(sweep);
  if (sweep.control) find_control(sweep);
  return sweep;
}

std::optional<std::size_t> cut_rung(const ReportedSweep& sweep, const ReportedTrial& trial) {
  if (!trial.cut_at || sweep.rungs.empty()) return std::nullopt;
  const auto distance = [&](std::int64_t steps) { return std::abs(steps - *trial.cut_at); };
  return static_cast<std::size_t>(std::ranges::min_element(sweep.rungs, {}, distance) - sweep.rungs.begin());
}

std::vector<std::size_t> trials_by_score(const ReportedSweep& sweep) {
  std::vector<std::size_t> order(sweep.trials.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  sort_stably(order, [&](std::size_t a, std::size_t b) {
    return is_better(sweep.trials[a].standing, sweep.trials[b].standing, sweep.metric);
  });
  return order;
}

const ConfirmedTrial* confirmed_trial(const ReportedSweep& sweep, std::int64_t number) {
  const auto found = std::ranges::find(sweep.ranking, number, &ConfirmedTrial::trial);
  return found == sweep.ranking.end() ? nullptr : &*found;
}

double best_seed(const ReportedSweep& sweep, const ConfirmedTrial& trial) {
  return lower_is_better(sweep.metric) ? trial.low : trial.high;
}

double worst_seed(const ReportedSweep& sweep, const ConfirmedTrial& trial) {
  // low and high are those of the seeds that have a score.
  if (trial.reached < static_cast<std::int64_t>(sweep.confirm_seeds.size())) return std::nan("");
  return lower_is_better(sweep.metric) ? trial.high : trial.low;
}

std::string score_text(const ReportedSweep& sweep, double score) {
  if (!lower_is_better(sweep.metric)) return number(score);
  if (std::isnan(score)) return "not reached";
  return std::abs(score) < 1e15 ? counted(std::llround(score), "step") : number(score);
}

std::string metric_text(const ReportedSweep& sweep) {
  switch (sweep.metric) {
    case SweepMetric::steps_to_greedy:
      return "steps to a greedy return of " +
             (sweep.target_return ? plain_number(*sweep.target_return) : std::string("the target"));
    case SweepMetric::return_100:
      return "mean return of the latest 100 training episodes";
    default:
      return "return of the best greedy evaluation";
  }
}

std::string short_value(const std::string& value) {
  constexpr std::size_t kLong = 7;
  if (value.size() <= kLong || value.find_first_of(".e") == std::string::npos) return value;
  double read = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
  if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(read)) return value;
  return fmt::format("{:.4g}", read);
}

}  // namespace ppo
