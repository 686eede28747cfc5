#include "system/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ppo {

std::string tick_label(double value) {
  const std::pair<double, const char*> units[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "K"}, {0, ""}};
  for (const auto& [from, name] : units) {
    if (std::abs(value) < from) continue;
    const double unit = from == 1e4 ? 1e3 : std::max(from, 1.0);
    return fmt::format("{:.6g}{}", value / unit, name);
  }
  return "";
}

std::vector<double> axis_ticks(double least, double most, int count) {
  if (!(most > least)) most = least + 1;
  const double rough = (most - least) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.5, 2.0, 1.0}) {
    if (factor * power >= rough) step = factor * power;
  }
  std::vector<double> ticks;
  for (double i = std::floor(least / step); i * step < most + step * 0.999; ++i) ticks.push_back(i * step);
  return ticks;
}

}  // namespace ppo
