// The report verb: writes an HTML report of one or more runs or of a sweep, or an SVG of the return curves.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "config/verb.hpp"

namespace ppo {

struct ReportCommand {
  std::vector<std::filesystem::path> runs;    // one at least; or one sweep
  std::optional<std::filesystem::path> file;  // default: report.html or return.svg
  bool svg = false;                           // a still of the return curve, not the page
};

Verb report_verb();

/// Throws Failure(kWrongInput).
ReportCommand parse_report(const Arguments& arguments);

/// Returns 0; throws Failure.
int run_report(const ReportCommand& command);

}  // namespace ppo
