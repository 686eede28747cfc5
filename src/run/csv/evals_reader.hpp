// evals.csv read back, row by row.
#pragma once

#include <cstdint>
#include <functional>

#include "formats/csv_reader.hpp"
#include "run/csv/run_extent.hpp"

namespace ppo {

/// A line of evals.csv. What is empty in the file is NaN here.
struct EvalsRow {
  std::int64_t agent = 0;
  std::int64_t update = 0;  // after so many updates
  std::int64_t steps = 0;   // of this agent by then
  double return_mean = 0;
  double return_std = 0;
  double return_min = 0;
  double return_max = 0;
  double length_median = 0;  // [steps]
  std::int64_t capped = 0;   // episodes that the time limit cut
};

/// Calls `take` with each row in turn. Throws Failure(kWrongInput), naming the line, when the file is not
/// what such a run writes. Of a run that has ended the evaluations before its last update must all be there.
void read_evals(CsvReader csv, const RunExtent& run, const std::function<void(const EvalsRow&)>& take);

/// Bytes of the file that hold the evaluations up to that after `update` updates; run.ends must be known.
/// What comes behind may be anything. Throws Failure(kWrongInput), also when there are fewer.
std::uintmax_t evals_size(CsvReader csv, const RunExtent& run, std::int64_t update);

}  // namespace ppo
