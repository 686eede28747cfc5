// Round numbers along the axis of a chart.
#pragma once

#include <string>
#include <vector>

namespace ppo {

/// Round numbers for an axis: multiples of 1, 2, 2.5 or 5 times a power of ten, from at or below `least` to
/// at or above `most`, about `count` of them.
std::vector<double> axis_ticks(double least, double most, int count);

/// "0.25", "500", "1.5M".
std::string tick_label(double value);

}  // namespace ppo
