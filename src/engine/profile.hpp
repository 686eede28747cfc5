// Measures where the time of an update goes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "ppo/stage.hpp"

namespace ppo {

inline constexpr std::array<const char*, kStages> kStageNames = {"rollout",  "values", "advantages",
                                                                 "gradient", "reduce", "adam"};

struct StageTime {
  double work = 0;  // [s]
  double wait = 0;  // at the barrier that ends the stage [s]
};

/// By stage.
using Profile = std::array<StageTime, kStageNames.size()>;

/// Times the stages of one worker.
class StageClock {
 public:
  /// Starts the clock.
  void start() { last_ = Clock::now(); }

  /// The worker has finished its share of the stage.
  void at_barrier(Stage stage) { lap(time_of(stage).work); }

  /// All workers have finished it.
  void past_barrier(Stage stage) { lap(time_of(stage).wait); }

  const Profile& profile() const { return profile_; }

 private:
  using Clock = std::chrono::steady_clock;

  StageTime& time_of(Stage stage) { return profile_[static_cast<std::size_t>(stage)]; }

  void lap(double& total) {
    const Clock::time_point now = Clock::now();
    total += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

  Profile profile_{};
  Clock::time_point last_{};
};

}  // namespace ppo
