#include "report/sweep/standing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ppo {
namespace {

/// NaN is worse than any.
bool exceeds(double a, double b) {
  return !std::isnan(a) && (std::isnan(b) || a > b);
}

}  // namespace

bool is_better(const Standing& a, const Standing& b, SweepMetric metric) {
  const double sign = lower_is_better(metric) ? -1 : 1;
  if (exceeds(sign * a.score, sign * b.score)) return true;
  if (exceeds(sign * b.score, sign * a.score)) return false;
  return exceeds(a.latest, b.latest);
}

void SeedProgress::add(std::int64_t steps, double mean_return) {
  standing_.latest = mean_return;
  switch (metric_) {
    case SweepMetric::steps_to_greedy:
      if (!(mean_return >= target_.value_or(std::numeric_limits<double>::infinity()))) {
        standing_.score = std::numeric_limits<double>::quiet_NaN();
      } else if (std::isnan(standing_.score)) {
        standing_.score = static_cast<double>(steps);
      }
      break;
    case SweepMetric::return_100:
      standing_.score = mean_return;
      break;
    case SweepMetric::best_eval:
      standing_.score = std::fmax(standing_.score, mean_return);
      break;
  }
}

Standing median_standing(std::vector<Standing> seeds, SweepMetric metric) {
  if (seeds.empty()) return {};
  std::ranges::stable_sort(seeds, [&](const auto& a, const auto& b) { return is_better(a, b, metric); });
  double sum = 0;
  for (const Standing& seed : seeds) sum += seed.latest;
  return {seeds[seeds.size() / 2].score, sum / static_cast<double>(seeds.size())};
}

double rung_value(const Standing& standing, SweepMetric metric) {
  return lower_is_better(metric) ? standing.latest : standing.score;
}

std::vector<double> shared_ranks(const std::vector<Standing>& standings, SweepMetric metric) {
  std::vector<std::size_t> order(standings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto better = [&](std::size_t a, std::size_t b) {
    return is_better(standings[a], standings[b], metric);
  };
  std::ranges::stable_sort(order, better);
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
