#include "report/sweep/sweep_report.hpp"

#include "report/svg.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"

namespace ppo {

void write_sweep_report(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const ReportedSweep sweep = read_reported_sweep(folder);
  write_file(output_file(file), sweep_page(sweep));
}

void write_sweep_still(const std::filesystem::path& folder, const std::filesystem::path& file) {
  ReportedSweep sweep = read_reported_sweep(folder);
  if (const auto first = first_steps(sweep)) {
    for (TrialCurve& curve : sweep.curves) {
      std::erase_if(curve.points, [&](const TrialCurve::Point& point) { return point.steps > *first; });
    }
  }
  const std::vector<ReportedRun> runs = curves_as_runs(sweep);
  if (runs.empty()) {
    throw Failure(kWrongInput, printable(folder.native()) + ": the sweep has no curves to draw yet");
  }
  write_file(output_file(file), return_svg(runs, "target"));
}

}  // namespace ppo
