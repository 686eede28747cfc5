#include "training/replay.hpp"

#include <algorithm>

namespace ppo {

std::int64_t Replay::next(std::int64_t now) const {
  if (taken_at_ == kNotYet) return now;
  const std::int64_t change = schedule_.next_change(config_.hyper, taken_at_);
  return change < 0 ? kNever : std::max(change, now);
}

void Replay::take(Engine& engine, std::int64_t update) {
  taken_at_ = update;
  Tuning tuning = schedule_.at(config_.hyper, update);
  for (std::int64_t k = 0; k < config_.num_seeds; ++k) {
    tuning.seed = engine.hyper(k).seed;
    engine.tune(k, tuning);
  }
}

}  // namespace ppo
