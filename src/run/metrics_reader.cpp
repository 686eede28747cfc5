#include "run/metrics_reader.hpp"

#include <limits>
#include <string>
#include <vector>

namespace ppo {
namespace {

constexpr std::array<const char*, kMetricCount> kNames = {
    "return_mean",   "return_100",         "loss_policy", "loss_value", "entropy",    "approx_kl",
    "clip_fraction", "explained_variance", "grad_norm",   "lr",         "return_min", "return_max"};

/// Where the columns of a metrics.csv are.
class Columns {
 public:
  explicit Columns(const CsvReader& csv)
      : agent_(csv.column("agent")), update_(csv.column("update")), steps_(csv.column("steps")) {
    for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
      const bool is_new = metric == kReturnMin || metric == kReturnMax;
      values_[metric] = is_new ? csv.find_column(kNames[metric]) : csv.column(kNames[metric]);
    }
  }

  void read(const CsvReader& csv, MetricsRow& row) const {
    row.agent = csv.whole(agent_);
    row.update = csv.whole(update_);
    row.steps = csv.whole(steps_);
    for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
      row.values[metric] =
          values_[metric] ? csv.real(*values_[metric]) : std::numeric_limits<double>::quiet_NaN();
    }
  }

 private:
  std::size_t agent_, update_, steps_;
  std::array<std::optional<std::size_t>, kMetricCount> values_;
};

/// Updates are counted from 0, and none goes beyond those planned.
void check_update(const CsvReader& csv, std::int64_t update, std::int64_t expected, const RunExtent& run) {
  if (update != expected) {
    csv.refuse("update " + std::to_string(update) + " where update " + std::to_string(expected) +
               " should be");
  }
  if (update >= run.num_updates) {
    csv.refuse("update " + std::to_string(update) + " of a run that has updates 0 to " +
               std::to_string(run.num_updates - 1) + " after its config.toml");
  }
}

void check(const CsvReader& csv, const MetricsRow& row, std::size_t agent, std::int64_t update,
           const RunExtent& run) {
  if (row.agent != static_cast<std::int64_t>(agent)) {
    csv.refuse("agent " + std::to_string(row.agent) + " where agent " + std::to_string(agent) +
               " of the run's config.toml should be");
  }
  check_update(csv, row.update, update, run);
  const std::int64_t steps = (update + 1) * run.batch;
  if (row.steps != steps) {
    csv.refuse(std::to_string(row.steps) + " steps where " + std::to_string(steps) + " should be");
  }
}

void check_end(const CsvReader& csv, std::int64_t updates, const RunExtent& run) {
  if (!run.updates_made || updates == *run.updates_made) return;
  csv.refuse("it ends after " + std::to_string(updates) + " updates, but run.json has " +
             std::to_string(*run.updates_made));
}

}  // namespace

void read_metrics(CsvReader csv, const RunExtent& run,
                  const std::function<void(std::span<const MetricsRow>)>& take) {
  const Columns columns(csv);
  std::vector<MetricsRow> rows(static_cast<std::size_t>(run.num_agents));
  std::int64_t update = 0;
  std::size_t agent = 0;
  while (csv.next()) {
    columns.read(csv, rows[agent]);
    check(csv, rows[agent], agent, update, run);
    if (++agent < rows.size()) continue;
    take(rows);
    ++update;
    agent = 0;
  }
  if (agent != 0 && csv.ended() == Ended::yes) {
    csv.refuse("the last update lacks agents " + std::to_string(agent) + " and up");
  }
  check_end(csv, update, run);
}

void read_timing(CsvReader csv, const RunExtent& run, const std::function<void(const TimingRow&)>& take) {
  const std::size_t number = csv.column("update");
  const std::size_t wall_s = csv.column("wall_s");
  const std::size_t steps_per_s = csv.column("steps_per_s");
  std::int64_t update = 0;
  for (; csv.next(); ++update) {
    const TimingRow row{csv.whole(number), csv.real(wall_s), csv.real(steps_per_s)};
    check_update(csv, row.update, update, run);
    if (!(row.wall_s >= 0)) csv.refuse("wall_s takes seconds, 0 or more");
    take(row);
  }
  check_end(csv, update, run);
}

}  // namespace ppo
