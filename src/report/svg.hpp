// The return curve as a still, for a README: an SVG that follows the reader's light or dark scheme.
#pragma once

#include <span>
#include <string>

#include "report/reported_run.hpp"

namespace ppo {

/// `threshold` is what their solved_return is called.
std::string return_svg(std::span<const ReportedRun> runs, const std::string& threshold = "solved");

}  // namespace ppo
