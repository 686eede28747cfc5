// metrics.csv, the same bytes for the same run, and timing.csv, which is not.
#pragma once

#include "run/files.hpp"
#include "run/records.hpp"

namespace ppo {

class CsvSink : public MetricsSink {
 public:
  explicit CsvSink(const std::filesystem::path& folder);
  void update(std::span<const Record> agents, const Timing& timing) override;

 private:
  GrowingFile metrics_;
  GrowingFile timing_;
};

}  // namespace ppo
