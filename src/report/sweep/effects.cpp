#include "report/sweep/effects.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>

#include "report/sweep/axes.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostBins = 10;
constexpr double kLeastBins = 3;

std::size_t usual_bins(std::size_t trials) {
  const double wanted = std::round(std::sqrt(static_cast<double>(trials) / 2));
  return static_cast<std::size_t>(std::clamp(wanted, kLeastBins, static_cast<double>(kMostBins)));
}

/// Of sorted numbers; of two neighbours the lower one.
double quantile_of(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

/// The 95th percentile of F with so many degrees of freedom and many in the denominator, after Wilson and
/// Hilferty.
double f_95(double freedom) {
  const double part = 2 / (9 * freedom);
  return std::pow(1 - part + 1.645 * std::sqrt(part), 3);
}

double square_sum(const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

}  // namespace

std::vector<int> bins_of(std::span<const double> positions) {
  std::set<double> different;
  std::size_t inside = 0;
  for (const double position : positions) {
    if (!KeyAxis::is_inside(position)) continue;
    ++inside;
    if (different.size() <= kMostBins) different.insert(position);
  }
  const bool one_each = different.size() <= kMostBins;
  const auto bins = static_cast<double>(usual_bins(inside));
  std::vector<int> numbers;
  for (const double position : positions) {
    if (!KeyAxis::is_inside(position)) {
      numbers.push_back(-1);
    } else if (one_each) {
      numbers.push_back(static_cast<int>(std::distance(different.begin(), different.find(position))));
    } else {
      numbers.push_back(static_cast<int>(std::min(std::floor(position * bins), bins - 1)));
    }
  }
  return numbers;
}

std::vector<EffectBin> effect_bins(std::span<const double> positions, std::span<const int> bins,
                                   std::span<const double> scores) {
  std::map<int, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i] >= 0) members[bins[i]].push_back(i);
  }
  std::vector<EffectBin> effects;
  for (const auto& [bin, trials] : members) {
    std::vector<double> sorted;
    EffectBin effect{.from = 1, .to = 0, .count = trials.size(), .low = 0, .middle = 0, .high = 0};
    for (const std::size_t trial : trials) {
      sorted.push_back(scores[trial]);
      effect.from = std::min(effect.from, positions[trial]);
      effect.to = std::max(effect.to, positions[trial]);
    }
    std::ranges::sort(sorted);
    effect.low = quantile_of(sorted, 0.25);
    effect.middle = quantile_of(sorted, 0.5);
    effect.high = quantile_of(sorted, 0.75);
    effects.push_back(effect);
  }
  return effects;
}

Importance importance_of(std::span<const double> ranks, std::span<const int> bins) {
  std::map<int, std::vector<double>> members;
  std::vector<double> all;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (bins[i] < 0) continue;
    members[bins[i]].push_back(ranks[i]);
    all.push_back(ranks[i]);
  }
  const auto n = static_cast<double>(all.size());
  const auto k = static_cast<double>(members.size());
  const double total = square_sum(all);
  if (k < 2 || n <= k || !(total > 0)) return {};
  double within = 0;
  for (const auto& [bin, values] : members) within += square_sum(values);
  const double f = f_95(k - 1);
  return {.share = std::max(0.0, 1 - within / (n - k) / (total / (n - 1))),
          .chance = (k - 1) * (f - 1) / ((k - 1) * f + n - k)};
}

}  // namespace ppo
