#include "report/svg_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "system/text.hpp"

namespace ppo {

std::string decimal(double value) {
  return fmt::format("{:.1f}", value);
}

std::string tick_label(double value) {
  const std::pair<double, const char*> units[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "K"}, {0, ""}};
  for (const auto& [from, name] : units) {
    if (std::abs(value) < from) continue;
    const double unit = from == 1e4 ? 1e3 : std::max(from, 1.0);
    return fmt::format("{:.6g}{}", value / unit, name);
  }
  return "";
}

std::string line(std::string_view style, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string(style) + "\" x1=\"" + decimal(x1) + "\" y1=\"" + decimal(y1) +
         "\" x2=\"" + decimal(x2) + "\" y2=\"" + decimal(y2) + "\"/>\n";
}

std::string label(std::string_view attributes, double x, double y, const std::string& text) {
  return "<text x=\"" + decimal(x) + "\" y=\"" + decimal(y) + "\" " + std::string(attributes) + ">" +
         escape(text) + "</text>\n";
}

std::string short_name(const std::string& name) {
  constexpr std::size_t most = 80;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < name.size();
       i += std::max<std::size_t>(utf8_length(std::string_view(name).substr(i)), 1)) {
    if (++characters > most) return name.substr(0, i) + "…";
  }
  return name;
}

std::string circle(std::string_view style, double x, double y, double low, double high) {
  return line(style, x, low, x, high) + "<circle class=\"" + std::string(style) + "\" cx=\"" + decimal(x) +
         "\" cy=\"" + decimal(y) + "\" r=\"4\"/>\n";
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
