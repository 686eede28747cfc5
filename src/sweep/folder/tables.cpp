#include "sweep/folder/tables.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "sweep/ranking.hpp"
#include "sweep/score.hpp"
#include "system/join.hpp"

namespace ppo {
namespace {

std::string cell(const std::optional<double>& number) {
  return number ? fmt::format("{}", *number) : "";
}

std::string line(const std::vector<std::string>& cells) {
  return join(cells, ",") + '\n';
}

void add_keys(const SweepConfig& sweep, std::vector<std::string>& cells) {
  for (const Dimension& dimension : sweep.plan.space) cells.emplace_back(dimension.option->key);
}

void add_seeds(const std::vector<Trial>& trials, std::vector<std::string>& cells) {
  for (const SweepAgent& agent : trials.front().agents) cells.push_back(fmt::format("seed_{}", agent.seed));
}

void add_metrics(const SweepPlan& plan, double target, const Trial& trial, std::vector<std::string>& cells) {
  for (const SweepAgent& agent : trial.agents) {
    cells.push_back(cell(metric_of(plan, target, agent)));
  }
}

void add_curves(std::string_view stage, const Trial& trial, std::string& csv) {
  for (const SweepAgent& agent : trial.agents) {
    for (const CurvePoint& point : agent.curve) {
      csv += fmt::format("{},{},{},{},{}\n", stage, trial.number, agent.seed, point.steps, point.value);
    }
  }
}

}  // namespace

std::string trials_csv(const SweepConfig& sweep, const SweepState& state) {
  const double target = target_of(sweep);
  std::vector<std::string> names = {"trial"};
  add_keys(sweep, names);
  names.insert(names.end(), {"rung", "steps", "score"});
  add_seeds(state.trials, names);
  names.insert(names.end(), {"state", "cut_at"});
  std::string csv = line(names);
  for (const Trial& trial : state.trials) {
    std::vector<std::string> cells = {fmt::format("{}", trial.number)};
    for (std::string& value : value_texts(trial.config, sweep.plan.space)) cells.push_back(std::move(value));
    cells.push_back(fmt::format("{}", trial.rungs));
    cells.push_back(fmt::format("{}", trial.steps()));
    cells.push_back(cell(score_of(sweep.plan, target, trial).median));
    add_metrics(sweep.plan, target, trial, cells);
    cells.emplace_back(to_string(trial.state));
    cells.push_back(trial.cut_at ? fmt::format("{}", *trial.cut_at) : "");
    csv += line(cells);
  }
  return csv;
}

std::string curves_csv(const SweepState& state) {
  std::string csv = "stage,trial,seed,steps,return\n";
  for (const Trial& trial : state.trials) add_curves("sweep", trial, csv);
  std::vector<const Trial*> confirmed;
  for (const Trial& trial : state.confirmed) confirmed.push_back(&trial);
  std::ranges::sort(confirmed, {}, &Trial::number);
  for (const Trial* trial : confirmed) add_curves("confirm", *trial, csv);
  return csv;
}

std::string confirmed_csv(const SweepConfig& sweep, const SweepState& state) {
  const double target = target_of(sweep);
  std::vector<std::string> names = {"rank", "trial", "score", "low", "high", "reached"};
  add_seeds(state.confirmed, names);
  std::string csv = line(names);
  std::int64_t rank = 0;
  for (const Confirmed& best : ranking(sweep, state)) {
    std::vector<std::string> cells = {fmt::format("{}", ++rank), fmt::format("{}", best.trial->number),
                                      cell(best.score.median),   cell(best.low),
                                      cell(best.high),           fmt::format("{}", best.reached)};
    add_metrics(sweep.plan, target, *best.trial, cells);
    csv += line(cells);
  }
  return csv;
}

std::string schedule_csv(const SweepConfig& sweep, const Trial& trial) {
  std::vector<std::string> names = {"steps"};
  add_keys(sweep, names);
  std::string csv = line(names);
  for (const ScheduleLine& from : trial.schedule) {
    std::vector<std::string> cells = {fmt::format("{}", from.steps)};
    cells.insert(cells.end(), from.values.begin(), from.values.end());
    csv += line(cells);
  }
  return csv;
}

}  // namespace ppo
