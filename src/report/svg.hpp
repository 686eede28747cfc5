// The return curve as a still, for a README: an SVG that follows the reader's light or dark scheme.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/reported_run.hpp"

namespace ppo {

std::string return_svg(std::span<const ReportedRun> runs);

/// Round numbers for an axis: multiples of 1, 2, 2.5 or 5 times a power of ten, from at or below `least` to
/// at or above `most`, about `count` of them.
std::vector<double> axis_ticks(double least, double most, int count);

}  // namespace ppo
