// Progress of an operation that may take a while.
#pragma once

#include <cstdint>
#include <string>

#include "system/stopwatch.hpp"
#include "terminal/screen.hpp"

namespace ppo {

/// "playing 1,200 of 65,536 episodes | 1 %": a line on stderr that updates in place, if that is a terminal.
/// It appears after a second and is always removed at the end.
class Progress {
 public:
  /// `doing` so many of `total` `things`, one at least.
  Progress(std::string doing, std::string things, std::int64_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { hide(); }

  /// So many more are done. Costs a look at the clock, seldom more.
  void advance(std::int64_t count = 1);

  /// Makes room for other output; a later advance brings the line back.
  void hide();

 private:
  void show();

  Screen screen_;
  std::string doing_;
  std::string things_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  Stopwatch watch_;
  double next_s_ = 1;  // when to show it next
  bool shown_ = false;
};

}  // namespace ppo
