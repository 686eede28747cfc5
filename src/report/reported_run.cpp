#include "report/reported_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "report/html.hpp"
#include "run/csv/evals_reader.hpp"
#include "run/records.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::optional<double> solved_return(const SavedRun& saved) {
  const EnvironmentInfo& environment = saved.environment->info();
  if (saved.config.hyper.max_episode_steps != environment.time_limit) return std::nullopt;
  return static_cast<double>(environment.solved_return);
}

/// What the agents make of the metric in one update.
Spread spread(Metric metric, std::span<const MetricsRow> agents, std::vector<double>& values) {
  if (agents.size() == 1) {
    const auto& row = agents.front().values;
    const bool has_band =
        metric == kReturnMean && std::isfinite(row[kReturnMin]) && std::isfinite(row[kReturnMax]);
    if (has_band) return {row[metric], row[kReturnMin], row[kReturnMax]};
    return {row[metric], row[metric], row[metric]};
  }
  values.clear();
  for (const MetricsRow& agent : agents) values.push_back(agent.values[metric]);
  return middle_half(values);
}

void follow(ReportedAgent& agent, const MetricsRow& row, const std::optional<double>& solved) {
  const double return_100 = row.values[kReturn100];
  agent.return_100 = std::isnan(return_100) ? std::nullopt : std::optional(return_100);
  if (!agent.solved_at_step && solved && return_100 >= *solved) agent.solved_at_step = row.steps;
}

void add_metrics(ReportedRun& run, const RunExtent& extent) {
  std::vector<double> values;
  read_metrics(CsvReader(run.saved.folder / "metrics.csv", extent.ended()), extent,
               [&](std::span<const MetricsRow> agents) {
                 run.updates += 1;
                 const std::int64_t steps = agents.front().steps;
                 run.steps += extent.batch * static_cast<std::int64_t>(agents.size());
                 for (std::size_t i = 0; i < kChartCount; ++i) {
                   const Metric metric = charts()[i].metric;
                   if (metric != kMetricCount) run.curves[i].add(steps, spread(metric, agents, values));
                 }
                 for (const MetricsRow& row : agents) {
                   follow(run.agents[static_cast<std::size_t>(row.agent)], row, run.solved_return);
                 }
               });
}

void add_timing(ReportedRun& run, const RunExtent& extent) {
  read_timing(CsvReader(run.saved.folder / "timing.csv", extent.ended()), extent, [&](const TimingRow& row) {
    run.wall_s = row.wall_s;
    run.steps_per_s = row.steps_per_s;
    run.curves[kStepsPerSecondChart].add((row.update + 1) * extent.batch,
                                         {row.steps_per_s, row.steps_per_s, row.steps_per_s});
  });
}

/// Of several agents, the latest evaluation of each counts, also of one that is done.
void add_evaluations(ReportedRun& run, const RunExtent& extent) {
  std::vector<double> latest(run.agents.size(), std::numeric_limits<double>::quiet_NaN());
  std::int64_t steps = 0;
  const auto add_dot = [&] {
    std::vector<double> returns = latest;
    if (steps > 0) run.evaluations.add(steps, middle_half(returns));
  };
  read_evals(CsvReader(run.saved.folder / "evals.csv", extent.ended()), extent, [&](const EvalsRow& row) {
    const auto k = static_cast<std::size_t>(row.agent);
    const EvalScore score{row.update, row.return_mean, row.return_std};
    if (is_better(score, run.agents[k].best)) run.agents[k].best = score;
    if (!run.is_population()) {
      run.evaluations.add(row.steps, {row.return_mean, row.return_min, row.return_max});
      return;
    }
    if (row.steps != steps) add_dot();
    steps = row.steps;
    latest[k] = row.return_mean;
  });
  add_dot();
}

/// "runs/a/" -> "a", "." -> the name of the folder that it is.
std::string folder_name(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::canonical(folder, error);
  return printable((error ? folder : whole).filename().native());
}

}  // namespace

std::string ReportedRun::state() const {
  const std::int64_t planned = num_updates(config().hyper);
  const std::string far =
      "after " + grouped(updates) + " of " + grouped(planned) + (planned == 1 ? " update" : " updates");
  if (!ending) return "has not ended, or was killed, " + far;
  if (ending->diverged()) return "diverged " + far;
  if (ending->stopped_by == Outcome::kByFault) {
    return "was stopped by a non-finite number from its environment " + far;
  }
  if (ending->all_stopped() && updates < planned)
    return "stopped at a return of " + stop_return() + ' ' + far;
  if (ending->stopped_by) return "was stopped by " + *ending->stopped_by + ' ' + far;
  return updates == planned ? "finished" : "can be continued, " + far;
}

std::string ReportedRun::evaluation() const {
  const EvaluationPlan& plan = config().evaluation;
  const std::string episodes = grouped(plan.eval_episodes) + (plan.eval_greedy ? " greedy" : " sampled");
  return episodes + (plan.eval_episodes == 1 ? " episode" : " episodes");
}

std::string ReportedRun::stop_return() const {
  return fmt::format("{:.6g}", config().evaluation.stop_at_return);
}

ReportedRun read_reported_run(const std::filesystem::path& folder) {
  ReportedRun run{.name = folder_name(folder), .saved = open_run(folder)};
  run.solved_return = solved_return(run.saved);
  run.agents.resize(static_cast<std::size_t>(run.config().num_seeds));
  run.ending = read_run_json(folder / "run.json", run.config().num_seeds);
  for (std::size_t k = 0; k < run.agents.size(); ++k) {
    run.agents[k].seed = run.config().hyper.seed + k;
    if (!run.ending) continue;
    run.agents[k].param_hash = run.ending->param_hashes[k];
    if (!run.ending->stopped_at.empty()) run.agents[k].stopped_at = run.ending->stopped_at[k];
  }
  RunExtent extent = extent_of(run.config());
  if (run.ending) {
    extent.updates_made = run.ending->updates;
    extent.ends = ends_of(run.ending->stopped_at, extent.num_updates);
  }
  add_metrics(run, extent);
  add_timing(run, extent);
  if (extent.eval_every > 0) add_evaluations(run, extent);
  return run;
}

std::vector<ReportedRun> read_reported_runs(std::span<const std::filesystem::path> folders) {
  std::vector<ReportedRun> runs;
  std::map<std::string, int> uses;
  for (const std::filesystem::path& folder : folders) {
    runs.push_back(read_reported_run(folder));
    ++uses[runs.back().name];
  }
  // The same name twice: the paths tell them apart, or else numbers do.
  for (ReportedRun& run : runs) {
    if (uses[run.name] > 1) run.name = printable(run.saved.folder.native());
  }
  std::map<std::string, int> seen;
  for (ReportedRun& run : runs) {
    const int number = ++seen[run.name];
    if (number > 1) run.name += " (" + std::to_string(number) + ')';
  }
  return runs;
}

std::string evaluations_text(std::span<const ReportedRun> runs) {
  std::set<std::string> played;
  for (const ReportedRun& run : runs) {
    if (!run.evaluations.points().empty()) played.insert(run.evaluation());
  }
  if (played.empty()) return "";
  return played.size() == 1 ? "evaluations of " + *played.begin() + " each" : "evaluations";
}

std::vector<double> final_returns(const ReportedRun& run) {
  std::vector<double> returns;
  for (const ReportedAgent& agent : run.agents) {
    if (agent.return_100) returns.push_back(*agent.return_100);
  }
  return returns;
}

std::string best_text(const EvalScore& best) {
  return number(best.return_mean) + " ± " + (best.return_std == 0 ? "0.00" : number(best.return_std));
}

std::vector<double> best_returns(const ReportedRun& run) {
  std::vector<double> returns;
  for (const ReportedAgent& agent : run.agents) {
    if (agent.best) returns.push_back(agent.best->return_mean);
  }
  return returns;
}

std::int64_t median_agent(const ReportedRun& run) {
  std::vector<double> returns = final_returns(run);
  if (returns.empty()) return 0;
  const auto middle = returns.begin() + static_cast<std::ptrdiff_t>((returns.size() - 1) / 2);
  std::nth_element(returns.begin(), middle, returns.end());
  const auto found = std::find_if(run.agents.begin(), run.agents.end(),
                                  [&](const ReportedAgent& agent) { return agent.return_100 == *middle; });
  return found - run.agents.begin();
}

}  // namespace ppo
