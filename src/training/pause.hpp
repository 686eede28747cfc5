// Work done between two updates, while the engine is idle.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/engine.hpp"

namespace ppo {

class Pause {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  virtual ~Pause() = default;

  /// The next update to pause before, `now` or later. If it is `now`, pause as soon as the queue is empty.
  virtual std::int64_t next(std::int64_t now) const = 0;

  /// Called before that update, with nothing queued; may let agents be done. Afterwards next is later.
  virtual void take(Engine& engine, std::int64_t update) = 0;

  /// Ends what an earlier take has left to another thread. Called before any other pause is taken; take may
  /// leave it there for longer.
  virtual void settle() {}
};

}  // namespace ppo
