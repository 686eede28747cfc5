// Writes metrics.csv, whose bytes depend only on the config, and timing.csv.
#pragma once

#include "run/metrics_reader.hpp"
#include "run/records.hpp"
#include "system/files.hpp"

namespace ppo {

/// How much of the two files holds the rows before a checkpoint.
struct CsvSizes {
  std::uintmax_t metrics;  // [bytes]
  std::uintmax_t timing;   // [bytes]
};

/// The sizes that hold the first `updates` updates. Throws Failure(kWrongInput), naming the line, when these
/// are not all there or damaged.
CsvSizes csv_sizes(const std::filesystem::path& folder, const RunExtent& run, std::int64_t updates);

class CsvSink : public MetricsSink {
 public:
  /// Creates both files, which must not exist.
  explicit CsvSink(const std::filesystem::path& folder);
  /// Goes on with files that are there, of which so much is kept.
  CsvSink(const std::filesystem::path& folder, const CsvSizes& kept);

  void update(std::span<const Record> agents, const Timing& timing) override;

  /// As GrowingFile::sync.
  void sync();

 private:
  GrowingFile metrics_;
  GrowingFile timing_;
};

}  // namespace ppo
