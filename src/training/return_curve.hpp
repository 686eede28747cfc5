// The return of a run as a curve that grows while it trains.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/environment.hpp"
#include "run/records.hpp"
#include "terminal/chart.hpp"
#include "terminal/live_block.hpp"
#include "terminal/screen.hpp"

namespace ppo {

/// Draws the first agent's mean return of each update over its steps on stdout: on a terminal 30 times a
/// second at most, as they come; where nothing can be redrawn, once at the end and in ASCII.
class ReturnCurve {
 public:
  /// `title` stands above it.
  ReturnCurve(const Config& config, const Screen& screen, std::string title);

  void update(std::span<const Record> agents, const Timing& timing);

  /// Draws all of it.
  void finish();

 private:
  /// The title and the chart, as the screen has room for them now; nothing where it has none.
  std::vector<std::string> lines() const;

  const Screen& screen_;
  std::string title_;
  double all_steps_;      // of one agent
  double solved_return_;  // of its environment
  std::vector<ChartPoint> points_;
  LiveBlock block_;
  double next_frame_s_ = 0;
};

}  // namespace ppo
