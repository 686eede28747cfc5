#include "report/curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ppo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Removes NaN, sorts the rest.
void sort_numbers(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
}

double quantile_of_sorted(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return kNone;
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double quantile(std::vector<double>& values, double q) {
  sort_numbers(values);
  return quantile_of_sorted(values, q);
}

Spread middle_half(std::vector<double>& values) {
  sort_numbers(values);
  return {quantile_of_sorted(values, 0.5), quantile_of_sorted(values, 0.25),
          quantile_of_sorted(values, 0.75)};
}

Curve::Bucket::Bucket(std::int64_t at, const Spread& spread)
    : steps(at), updates(1), low(spread.low), high(spread.high) {
  if (std::isnan(spread.middle)) return;
  numbers = 1;
  sum = spread.middle;
}

void Curve::Bucket::merge(const Bucket& next) {
  steps = next.steps;
  updates += next.updates;
  numbers += next.numbers;
  sum += next.sum;
  low = std::fmin(low, next.low);  // fmin and fmax prefer a number to NaN
  high = std::fmax(high, next.high);
}

void Curve::add(std::int64_t steps, const Spread& spread) {
  const Bucket bucket(steps, spread);
  if (!buckets_.empty() && buckets_.back().updates < updates_per_point_) {
    buckets_.back().merge(bucket);
    return;
  }
  if (buckets_.size() == most_points_) halve();
  // After halving an even number of full buckets, the last one is full again.
  buckets_.push_back(bucket);
}

void Curve::halve() {
  for (std::size_t i = 0; i < most_points_ / 2; ++i) {
    Bucket pair = buckets_[2 * i];
    pair.merge(buckets_[2 * i + 1]);
    buckets_[i] = pair;
  }
  buckets_.erase(buckets_.begin() + static_cast<std::ptrdiff_t>(most_points_ / 2), buckets_.end());
  updates_per_point_ *= 2;
}

std::vector<Curve::Point> Curve::points() const {
  std::vector<Point> points;
  points.reserve(buckets_.size());
  for (const Bucket& bucket : buckets_) {
    const double middle = bucket.numbers > 0 ? bucket.sum / static_cast<double>(bucket.numbers) : kNone;
    points.push_back({bucket.steps, {middle, bucket.low, bucket.high}});
  }
  return points;
}

}  // namespace ppo
