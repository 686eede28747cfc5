// A quantity over the steps of a run, of one or many agents, thinned out to what a chart can show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ppo {

/// A number and how far those that it stands for spread. NaN: there is none.
struct Spread {
  double middle;
  double low;
  double high;
};

/// Of the values that are not NaN: the one that a share `q` of them (0 to 1) is not above, interpolated
/// between neighbours; NaN when there are none. Changes the order of the values.
double quantile(std::vector<double>& values, double q);

/// The median and quartiles of the values that are not NaN. Changes their order.
Spread middle_half(std::vector<double>& values);

class Curve {
 public:
  static constexpr std::size_t kMostPoints = 2000;  // of a line
  static constexpr std::size_t kMostDots = 120;     // that can be told apart

  struct Point {
    std::int64_t steps;
    Spread spread;
  };

  /// `most_points` must be even.
  explicit Curve(std::size_t most_points) : most_points_(most_points) {}
  Curve() = default;

  /// Adds the next update, after which `steps` had been made.
  void add(std::int64_t steps, const Spread& spread);

  /// At most most_points. Each stands for the same number of updates (the last one may stand for fewer): the
  /// mean of their middles, the least low and the greatest high, at the steps of the last.
  std::vector<Point> points() const;

  std::int64_t updates_per_point() const { return updates_per_point_; }

 private:
  struct Bucket {
    std::int64_t steps = 0;
    std::int64_t updates = 0;
    std::int64_t numbers = 0;  // updates that have a middle
    double sum = 0;            // of the middles
    double low;
    double high;

    Bucket(std::int64_t at, const Spread& spread);
    void merge(const Bucket& next);
  };

  void halve();

  std::size_t most_points_ = kMostPoints;
  std::vector<Bucket> buckets_;
  std::int64_t updates_per_point_ = 1;
};

}  // namespace ppo
