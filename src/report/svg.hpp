// The return curve as a still, for a README: an SVG that follows the reader's light or dark scheme.
#pragma once

#include <span>
#include <string>

#include "report/reported_run.hpp"

namespace ppo {

std::string return_svg(std::span<const ReportedRun> runs);

}  // namespace ppo
