#include "training/agents_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "system/median.hpp"

namespace ppo {

std::string agents_text(std::vector<double> values, std::size_t num_agents) {
  if (values.empty()) return "-";
  std::sort(values.begin(), values.end());
  const double median = median_of_sorted(values);
  if (num_agents == 1) return fmt::format("{:.2f}", median);
  return fmt::format("{:.2f} ({:.2f} ... {:.2f})", median, values.front(), values.back());
}

}  // namespace ppo
