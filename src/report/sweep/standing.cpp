#include "report/sweep/standing.hpp"
#include "system/sort_stably.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ppo {

bool is_better_value(double a, double b, SweepMetric metric) {
  return !std::isnan(a) && (std::isnan(b) || (lower_is_better(metric) ? a < b : a > b));
}

bool is_better(const Standing& a, const Standing& b, SweepMetric metric) {
  if (is_better_value(a.score, b.score, metric)) return true;
  if (is_better_value(b.score, a.score, metric)) return false;
  if (std::isnan(a.score) && a.reached != b.reached) return a.reached > b.reached;
  return a.mean_return > b.mean_return;
}

double rung_value(const Standing& standing, SweepMetric metric) {
  if (!lower_is_better(metric)) return standing.score;
  const bool is_there = std::isfinite(standing.mean_return);
  return is_there ? standing.mean_return : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> shared_ranks(const std::vector<Standing>& standings, SweepMetric metric) {
  std::vector<std::size_t> order(standings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto better = [&](std::size_t a, std::size_t b) {
    return is_better(standings[a], standings[b], metric);
  };
  sort_stably(order, better);
  std::vector<double> ranks(order.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && !better(order[from], order[to])) ++to;
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = static_cast<double>(from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

}  // namespace ppo
