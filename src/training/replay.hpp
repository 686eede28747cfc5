// Trains agents with values that change on the way, as a schedule says.
#pragma once

#include "config/sweep/schedule.hpp"
#include "training/pause.hpp"

namespace ppo {

class Replay : public Pause {
 public:
  /// For a run that begins, or goes on, at any update.
  Replay(const Config& config, const Schedule& schedule) : config_(config), schedule_(schedule) {}

  std::int64_t next(std::int64_t now) const override;
  void take(Engine& engine, std::int64_t update) override;

 private:
  static constexpr std::int64_t kNotYet = -1;

  const Config& config_;
  const Schedule& schedule_;
  std::int64_t taken_at_ = kNotYet;
};

}  // namespace ppo
