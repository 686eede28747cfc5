#include "report/svg_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/html.hpp"
#include "system/text.hpp"

namespace ppo {

std::string decimal(double value) {
  return fmt::format("{:.1f}", value);
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

}  // namespace ppo
