// trials.csv, confirmed.csv and schedule.csv.
#include <array>
#include <string_view>
#include <system_error>

#include "formats/csv_reader.hpp"
#include "report/sweep/sweep_files.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::vector<std::size_t> key_columns(const CsvReader& csv, const ReportedSweep& sweep) {
  std::vector<std::size_t> columns;
  for (const SweptKey& key : sweep.keys) columns.push_back(csv.column(key.key));
  return columns;
}

std::vector<std::size_t> seed_columns(const CsvReader& csv, const std::vector<std::int64_t>& seeds) {
  std::vector<std::size_t> columns;
  for (const std::int64_t seed : seeds) columns.push_back(csv.column(seed_column(seed)));
  return columns;
}

std::vector<std::string> texts(const CsvReader& csv, const std::vector<std::size_t>& columns) {
  std::vector<std::string> texts;
  for (const std::size_t column : columns) texts.emplace_back(csv.text(column));
  return texts;
}

std::vector<double> reals(const CsvReader& csv, const std::vector<std::size_t>& columns) {
  std::vector<double> numbers;
  for (const std::size_t column : columns) numbers.push_back(csv.real(column));
  return numbers;
}

TrialState state_of(const CsvReader& csv, std::string_view text) {
  constexpr std::array<std::pair<std::string_view, TrialState>, 5> states = {
      {{"training", TrialState::training},
       {"cut", TrialState::cut},
       {"control", TrialState::control},
       {"finished", TrialState::finished},
       {"diverged", TrialState::diverged}}};
  for (const auto& [name, state] : states) {
    if (name == text) return state;
  }
  csv.refuse("state must be training, cut, control, finished or diverged, not " + quote(text));
}

/// Where the columns of a trials.csv are.
struct TrialColumns {
  explicit TrialColumns(const CsvReader& csv, const ReportedSweep& sweep)
      : trial(csv.column("trial")),
        rung(csv.column("rung")),
        steps(csv.column("steps")),
        score(csv.column("score")),
        state(csv.column("state")),
        cut_at(csv.column("cut_at")),
        keys(key_columns(csv, sweep)),
        seeds(seed_columns(csv, sweep.seeds)) {}

  ReportedTrial read(const CsvReader& csv) const {
    ReportedTrial row{.values = texts(csv, keys),
                      .rungs = csv.whole(rung),
                      .steps = csv.whole(steps),
                      .seeds = reals(csv, seeds),
                      .state = state_of(csv, csv.text(state)),
                      .standing = {.score = csv.real(score)}};
    if (row.rungs < 0 || row.steps < 0) csv.refuse("rung and steps must be 0 or more");
    if (!csv.text(cut_at).empty()) row.cut_at = csv.whole(cut_at);
    if (row.cut_at.value_or(0) < 0) csv.refuse("cut_at must be 0 or more");
    const bool lost = row.state == TrialState::cut || row.state == TrialState::control;
    if (lost && !row.cut_at) csv.refuse("a trial that was cut must have a cut_at");
    return row;
  }

  std::size_t trial, rung, steps, score, state, cut_at;
  std::vector<std::size_t> keys, seeds;
};

}  // namespace

void read_trials(ReportedSweep& sweep) {
  CsvReader csv(sweep.folder / "trials.csv", RunEnded::yes, kLongestSweepLine);
  const TrialColumns columns(csv, sweep);
  while (csv.next()) {
    const auto expected = static_cast<std::int64_t>(sweep.trials.size());
    if (csv.whole(columns.trial) != expected) {
      csv.refuse("trial " + quote(csv.text(columns.trial)) + " where trial " + std::to_string(expected) +
                 " should be");
    }
    if (expected == sweep.planned_trials) csv.refuse("there are more trials than sweep.json has");
    sweep.trials.push_back(columns.read(csv));
  }
  if (static_cast<std::int64_t>(sweep.trials.size()) == sweep.planned_trials) return;
  csv.refuse("it ends after " + std::to_string(sweep.trials.size()) + " trials, but sweep.json has " +
             std::to_string(sweep.planned_trials));
}

void read_confirmed(ReportedSweep& sweep) {
  CsvReader csv(sweep.folder / "confirmed.csv", RunEnded::yes, kLongestSweepLine);
  const std::size_t rank = csv.column("rank");
  const std::size_t trial = csv.column("trial");
  const std::vector<std::size_t> seeds = seed_columns(csv, sweep.confirm_seeds);
  std::size_t rows = 0;
  while (csv.next()) {
    const bool fits = rows < sweep.ranking.size() && csv.whole(rank) == static_cast<std::int64_t>(rows + 1) &&
                      csv.whole(trial) == sweep.ranking[rows].trial;
    if (!fits) csv.refuse("it does not have the ranking of sweep.json");
    sweep.ranking[rows++].seeds = reals(csv, seeds);
  }
  if (rows != sweep.ranking.size()) csv.refuse("it ends before the ranking of sweep.json");
}

void read_schedule(ReportedSweep& sweep) {
  const std::filesystem::path file = sweep.folder / "schedule.csv";
  std::error_code error;
  if (std::filesystem::status(file, error).type() == std::filesystem::file_type::not_found) return;
  CsvReader csv(file, RunEnded::yes, kLongestSweepLine);
  const std::size_t steps = csv.column("steps");
  const std::vector<std::size_t> keys = key_columns(csv, sweep);
  while (csv.next()) {
    const std::int64_t at = csv.whole(steps);
    const bool fits = sweep.schedule.empty() ? at == 0 : at > sweep.schedule.back().steps;
    if (!fits) csv.refuse("steps must begin with 0 and rise");
    sweep.schedule.push_back({at, texts(csv, keys)});
  }
}

}  // namespace ppo
