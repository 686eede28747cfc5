#include "run/metrics_reader.hpp"

#include <cmath>
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
      : agent_(csv.column("agent")),
        seed_(csv.column("seed")),
        update_(csv.column("update")),
        steps_(csv.column("steps")),
        episodes_(csv.column("episodes")),
        length_mean_(csv.column("length_mean")) {
    for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
      const bool is_new = metric == kReturnMin || metric == kReturnMax;
      values_[metric] = is_new ? csv.find_column(kNames[metric]) : csv.column(kNames[metric]);
    }
  }

  void read(const CsvReader& csv, MetricsRow& row) const {
    row.agent = csv.whole(agent_);
    row.seed = csv.whole(seed_);
    row.update = csv.whole(update_);
    row.steps = csv.whole(steps_);
    if (csv.whole(episodes_) < 0) csv.refuse("episodes must be 0 or more");
    csv.real(length_mean_);  // makes no curve
    for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
      row.values[metric] =
          values_[metric] ? csv.real(*values_[metric]) : std::numeric_limits<double>::quiet_NaN();
    }
  }

 private:
  std::size_t agent_, seed_, update_, steps_, episodes_, length_mean_;
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
               std::to_string(run.num_updates - 1) + " according to its config.toml");
  }
}

void check(const CsvReader& csv, const MetricsRow& row, std::size_t agent, std::int64_t update,
           const RunExtent& run) {
  if (row.agent != static_cast<std::int64_t>(agent)) {
    csv.refuse("agent " + std::to_string(row.agent) + " where agent " + std::to_string(agent) +
               " of the run's config.toml should be");
  }
  const std::int64_t seed = run.first_seed + row.agent;
  if (row.seed != seed) {
    csv.refuse("seed " + std::to_string(row.seed) + " where seed " + std::to_string(seed) +
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

/// metrics.csv, update by update.
class MetricsReader {
 public:
  MetricsReader(CsvReader& csv, const RunExtent& run)
      : csv_(csv), run_(run), columns_(csv), rows_(static_cast<std::size_t>(run.num_agents)) {}

  /// Goes to the next update; false at the end.
  bool next() {
    for (std::size_t agent = 0; agent < rows_.size(); ++agent) {
      if (!csv_.next()) {
        if (agent != 0 && csv_.ended() == RunEnded::yes) {
          csv_.refuse("the last update lacks agents " + std::to_string(agent) + " and up");
        }
        return false;
      }
      columns_.read(csv_, rows_[agent]);
      check(csv_, rows_[agent], agent, updates_, run_);
    }
    ++updates_;
    return true;
  }

  std::span<const MetricsRow> rows() const { return rows_; }  // [K]
  std::int64_t updates() const { return updates_; }           // read so far

 private:
  CsvReader& csv_;
  const RunExtent& run_;
  Columns columns_;
  std::vector<MetricsRow> rows_;
  std::int64_t updates_ = 0;
};

/// timing.csv, line by line.
class TimingReader {
 public:
  TimingReader(CsvReader& csv, const RunExtent& run)
      : csv_(csv),
        run_(run),
        update_(csv.column("update")),
        wall_s_(csv.column("wall_s")),
        steps_per_s_(csv.column("steps_per_s")) {}

  bool next() {
    if (!csv_.next()) return false;
    row_ = {csv_.whole(update_), csv_.real(wall_s_), csv_.real(steps_per_s_)};
    check_update(csv_, row_.update, updates_, run_);
    if (!(row_.wall_s >= 0)) csv_.refuse("wall_s must be 0 or more");
    ++updates_;
    return true;
  }

  const TimingRow& row() const { return row_; }
  std::int64_t updates() const { return updates_; }

 private:
  CsvReader& csv_;
  const RunExtent& run_;
  std::size_t update_, wall_s_, steps_per_s_;
  TimingRow row_;
  std::int64_t updates_ = 0;
};

/// A run stops at its first update with such a number, and is not gone on with from behind it.
void check_finite(const CsvReader& csv, const MetricsReader& reader) {
  for (const MetricsRow& row : reader.rows()) {
    for (const Metric metric : {kLossPolicy, kLossValue, kEntropy, kClipFraction, kGradNorm, kLr}) {
      if (!std::isfinite(row.values[metric])) csv.refuse(std::string(kNames[metric]) + " is not finite");
    }
  }
}
void check_finite(const CsvReader&, const TimingReader&) {}

/// Bytes up to the end of the first `updates` updates.
template <class Reader>
std::uintmax_t size_of(CsvReader& csv, const RunExtent& run, std::int64_t updates) {
  Reader reader(csv, run);
  while (reader.updates() < updates) {
    if (reader.next()) {
      check_finite(csv, reader);
      continue;
    }
    csv.refuse("the rows end before update " + std::to_string(reader.updates()) + "; there should be " +
               std::to_string(updates) + " updates");
  }
  return csv.bytes_read();
}

}  // namespace

RunExtent extent_of(const Config& config) {
  return {.num_agents = config.num_seeds,
          .first_seed = static_cast<std::int64_t>(config.hyper.seed),
          .batch = batch_size(config.hyper),
          .num_updates = num_updates(config.hyper)};
}

void read_metrics(CsvReader csv, const RunExtent& run,
                  const std::function<void(std::span<const MetricsRow>)>& take) {
  MetricsReader reader(csv, run);
  while (reader.next()) take(reader.rows());
  check_end(csv, reader.updates(), run);
}

void read_timing(CsvReader csv, const RunExtent& run, const std::function<void(const TimingRow&)>& take) {
  TimingReader reader(csv, run);
  while (reader.next()) take(reader.row());
  check_end(csv, reader.updates(), run);
}

std::uintmax_t metrics_size(CsvReader csv, const RunExtent& run, std::int64_t updates) {
  return size_of<MetricsReader>(csv, run, updates);
}

std::uintmax_t timing_size(CsvReader csv, const RunExtent& run, std::int64_t updates) {
  return size_of<TimingReader>(csv, run, updates);
}

}  // namespace ppo
