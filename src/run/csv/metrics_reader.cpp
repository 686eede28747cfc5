#include "run/csv/metrics_reader.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "run/csv/row_order.hpp"

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

void check_end(const CsvReader& csv, std::int64_t updates, const RunExtent& run) {
  if (!run.updates_made || updates == *run.updates_made) return;
  csv.refuse("it ends after " + std::to_string(updates) + " updates, but run.json has " +
             std::to_string(*run.updates_made));
}

/// metrics.csv, row by row.
class MetricsReader {
 public:
  MetricsReader(CsvReader& csv, const RunExtent& run)
      : csv_(csv), run_(run), columns_(csv), order_(RowOrder::Table::metrics, run) {}

  /// Goes to the next row; false at the end.
  bool next() {
    if (!csv_.next()) return false;
    columns_.read(csv_, row_);
    order_.take(csv_, {row_.update, row_.agent});
    const std::int64_t seed = run_.first_seed + row_.agent;
    if (row_.seed != seed) {
      csv_.refuse("seed " + std::to_string(row_.seed) + " where seed " + std::to_string(seed) +
                  " of the run's config.toml should be");
    }
    check_steps(csv_, row_.steps, row_.update + 1, run_);
    return true;
  }

  const MetricsRow& row() const { return row_; }

  /// Where the next row should be; nothing: there are no more.
  const std::optional<RowPlace>& place() const { return order_.next(); }

 private:
  CsvReader& csv_;
  const RunExtent& run_;
  Columns columns_;
  RowOrder order_;
  MetricsRow row_;
};

/// None goes beyond those planned.
void check_planned(const CsvReader& csv, std::int64_t update, const RunExtent& run) {
  if (update < run.num_updates) return;
  csv.refuse("update " + std::to_string(update) + " of a run that has updates 0 to " +
             std::to_string(run.num_updates - 1) + " according to its config.toml");
}

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
    check_update(csv_, row_.update, updates_);
    check_planned(csv_, row_.update, run_);
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
void check_finite(const CsvReader& csv, const MetricsRow& row) {
  for (const Metric metric : {kLossPolicy, kLossValue, kEntropy, kClipFraction, kGradNorm, kLr}) {
    if (!std::isfinite(row.values[metric])) csv.refuse(std::string(kNames[metric]) + " is not finite");
  }
}

[[noreturn]] void refuse_short(const CsvReader& csv, std::int64_t at, std::int64_t updates) {
  csv.refuse("the rows end before update " + std::to_string(at) + "; there should be " +
             std::to_string(updates) + " updates");
}

}  // namespace

void read_metrics(CsvReader csv, const RunExtent& run,
                  const std::function<void(std::span<const MetricsRow>)>& take) {
  MetricsReader reader(csv, run);
  std::vector<MetricsRow> rows;  // of an update
  std::int64_t updates = 0;
  const auto end_update = [&] {
    take(rows);
    rows.clear();
    ++updates;
  };
  const auto is_whole = [&] { return !reader.place() || reader.place()->update != rows.back().update; };
  while (reader.next()) {
    if (!rows.empty() && rows.back().update != reader.row().update) end_update();
    rows.push_back(reader.row());
    if (is_whole()) end_update();
  }
  if (!rows.empty() && run.ended() == RunEnded::yes) {
    csv.refuse("the last update lacks agents " + std::to_string(reader.place()->agent) + " and up");
  }
  check_end(csv, updates, run);
}

void read_timing(CsvReader csv, const RunExtent& run, const std::function<void(const TimingRow&)>& take) {
  TimingReader reader(csv, run);
  while (reader.next()) take(reader.row());
  check_end(csv, reader.updates(), run);
}

std::uintmax_t metrics_size(CsvReader csv, const RunExtent& run, std::int64_t updates) {
  MetricsReader reader(csv, run);
  while (reader.place() && reader.place()->update < updates) {
    if (!reader.next()) refuse_short(csv, reader.place()->update, updates);
    check_finite(csv, reader.row());
  }
  return csv.bytes_read();
}

std::uintmax_t timing_size(CsvReader csv, const RunExtent& run, std::int64_t updates) {
  TimingReader reader(csv, run);
  while (reader.updates() < updates) {
    if (!reader.next()) refuse_short(csv, reader.updates(), updates);
  }
  return csv.bytes_read();
}

}  // namespace ppo
