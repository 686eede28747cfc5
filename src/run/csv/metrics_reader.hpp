// metrics.csv and timing.csv read back, update by update, so that a run of any length takes little memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "formats/csv_reader.hpp"
#include "run/csv/run_extent.hpp"

namespace ppo {

/// The columns of metrics.csv that make curves.
enum Metric : std::size_t {
  kReturnMean,
  kReturn100,
  kLossPolicy,
  kLossValue,
  kEntropy,
  kApproxKl,
  kClipFraction,
  kExplainedVariance,
  kGradNorm,
  kLr,
  kReturnMin,  // this and the next one: not in the files of older versions
  kReturnMax,
  kMetricCount
};

/// A line of metrics.csv. What is empty or not finite in the file is NaN here.
struct MetricsRow {
  std::int64_t agent = 0;
  std::int64_t seed = 0;
  std::int64_t update = 0;
  std::int64_t steps = 0;
  std::array<double, kMetricCount> values = {};
};

/// A line of timing.csv.
struct TimingRow {
  std::int64_t update = 0;
  double wall_s = 0;
  double steps_per_s = 0;
};

/// Calls `take` with the rows of each update in turn: those of the agents that were not done before, in
/// order. Throws Failure(kWrongInput), naming the line, when the file is not what such a run writes. A run
/// that has not ended may be in the middle of an update: that is left out then.
void read_metrics(CsvReader csv, const RunExtent& run,
                  const std::function<void(std::span<const MetricsRow>)>& take);

/// The same for timing.csv, line by line.
void read_timing(CsvReader csv, const RunExtent& run, const std::function<void(const TimingRow&)>& take);

/// Bytes of the file that hold its first `updates` updates, which are checked: none of them diverged. What
/// comes behind may be anything. Throws Failure(kWrongInput), also when there are fewer.
std::uintmax_t metrics_size(CsvReader csv, const RunExtent& run, std::int64_t updates);
std::uintmax_t timing_size(CsvReader csv, const RunExtent& run, std::int64_t updates);

}  // namespace ppo
