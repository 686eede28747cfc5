// What a sweep shows while it runs, and at its end.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sweep/sweep.hpp"
#include "system/stopwatch.hpp"
#include "terminal/screen.hpp"

namespace ppo {

class SweepView {
 public:
  SweepView(const SweepConfig& sweep, const SweepState& state, bool quiet);
  ~SweepView();

  void start(bool is_resumed);

  /// All agents together have trained so many more steps. On a terminal: a bar above the best trials so far,
  /// renewed in place.
  void trained(std::int64_t steps);

  /// A rung is behind all. Where nothing can be renewed in place: a line.
  void passed();

  /// What has been found.
  void summary(const std::filesystem::path& folder);

  void stopped(const std::filesystem::path& folder);

 private:
  void show(const std::string& label, const std::string& text) const;
  void draw();
  void erase();
  std::string bar_line();
  const std::vector<Trial>& trials() const;  // that are being trained
  std::vector<std::size_t> best_places() const;
  std::vector<std::string> best_lines() const;

  const SweepConfig& sweep_;
  const SweepState& state_;
  bool quiet_;
  Screen screen_;
  double target_;
  std::int64_t steps_ = 0;
  std::size_t lines_ = 0;  // that are drawn, and can be renewed
  double share_ = 0;       // that is done, as shown
  double next_s_ = 0;
  Stopwatch watch_;
};

}  // namespace ppo
