#include "training/agents_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ppo {

std::string agents_text(std::vector<double> values, std::size_t num_agents) {
  if (values.empty()) return "-";
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  if (num_agents == 1) return fmt::format("{:.2f}", median);
  return fmt::format("{:.2f} ({:.2f} ... {:.2f})", median, values.front(), values.back());
}

}  // namespace ppo
