// Writes metrics.csv and evals.csv, whose bytes depend only on the config, and timing.csv.
#pragma once

#include <optional>

#include "run/csv/run_extent.hpp"
#include "run/records.hpp"
#include "system/files.hpp"

namespace ppo {

/// How much of the files holds the rows before a checkpoint.
struct CsvSizes {
  std::uintmax_t metrics;               // [bytes]
  std::uintmax_t timing;                // [bytes]
  std::optional<std::uintmax_t> evals;  // [bytes]; none: the run is not evaluated
};

/// The sizes that hold the first `updates` updates and the evaluations up to that after `evaluated_at`
/// updates. Throws Failure(kWrongInput), naming the line, when these are not all there or damaged.
CsvSizes csv_sizes(const std::filesystem::path& folder, const RunExtent& run, std::int64_t updates,
                   std::int64_t evaluated_at);

class CsvSink : public MetricsSink {
 public:
  /// Creates the files, which must not exist; evals.csv of a run that is evaluated.
  CsvSink(const std::filesystem::path& folder, bool evaluates);
  /// Goes on with files that are there, of which so much is kept.
  CsvSink(const std::filesystem::path& folder, const CsvSizes& kept);

  void update(std::span<const Record> agents, const Timing& timing) override;
  void evaluated(std::span<const EvalRecord> agents) override;

  /// As GrowingFile::sync.
  void sync();

 private:
  GrowingFile metrics_;
  GrowingFile timing_;
  std::optional<GrowingFile> evals_;
};

}  // namespace ppo
