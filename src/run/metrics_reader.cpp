#include "run/metrics_reader.hpp"

#include <limits>
#include <optional>
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

/// The agents of an update come in order, and so do the updates.
void check_order(const CsvReader& csv, const MetricsRow& row, std::int64_t agent,
                 const std::optional<MetricsRow>& before) {
  if (row.agent != agent) {
    csv.refuse("agent " + std::to_string(row.agent) + " where agent " + std::to_string(agent) +
               " of the run's config.toml should be");
  }
  if (!before) return;
  const bool same_update = agent > 0;
  const std::int64_t update = before->update + (same_update ? 0 : 1);
  if (row.update != update) {
    csv.refuse("update " + std::to_string(row.update) + " where update " + std::to_string(update) +
               " should be");
  }
  if (same_update ? row.steps != before->steps : row.steps <= before->steps) {
    csv.refuse("after " + std::to_string(before->steps) + " steps cannot come " + std::to_string(row.steps));
  }
}

}  // namespace

void read_metrics(const std::filesystem::path& file, std::int64_t num_agents, Ended ended,
                  const std::function<void(std::span<const MetricsRow>)>& take) {
  CsvReader csv(file, ended);
  const Columns columns(csv);
  std::vector<MetricsRow> rows(static_cast<std::size_t>(num_agents));
  std::optional<MetricsRow> before;
  std::size_t agent = 0;
  while (csv.next()) {
    columns.read(csv, rows[agent]);
    check_order(csv, rows[agent], static_cast<std::int64_t>(agent), before);
    before = rows[agent];
    if (++agent < rows.size()) continue;
    take(rows);
    agent = 0;
  }
  if (agent != 0 && ended == Ended::yes) {
    csv.refuse("the last update lacks agents " + std::to_string(agent) + " and up");
  }
}

void read_timing(const std::filesystem::path& file, Ended ended,
                 const std::function<void(const TimingRow&)>& take) {
  CsvReader csv(file, ended);
  const std::size_t update = csv.column("update");
  const std::size_t wall_s = csv.column("wall_s");
  const std::size_t steps_per_s = csv.column("steps_per_s");
  std::optional<std::int64_t> before;
  while (csv.next()) {
    const TimingRow row{csv.whole(update), csv.real(wall_s), csv.real(steps_per_s)};
    if (before && row.update != *before + 1) {
      csv.refuse("update " + std::to_string(row.update) + " where update " + std::to_string(*before + 1) +
                 " should be");
    }
    before = row.update;
    take(row);
  }
}

}  // namespace ppo
