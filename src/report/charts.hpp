// The charts of a report: what they show and how to read them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/environment.hpp"
#include "run/csv/metrics_reader.hpp"

namespace ppo {

/// In the order of the page. All but kStepsPerSecond come from metrics.csv.
enum ChartNumber : std::size_t {
  kReturnChart,
  kPolicyLossChart,
  kValueLossChart,
  kEntropyChart,
  kKlChart,
  kClipFractionChart,
  kExplainedVarianceChart,
  kGradNormChart,
  kLrChart,
  kStepsPerSecondChart,
  kChartCount
};

struct Chart {
  std::string_view key;  // in the page's data
  std::string_view title;
  Metric metric;                 // kMetricCount: from timing.csv
  std::string_view explanation;  // what it is and should look like
};

const std::array<Chart, kChartCount>& charts();

}  // namespace ppo
