// One of the threads that train an agent together, as the stages see it: its share of the work, and the
// barrier.
#pragma once

#include <cstdint>

#include "profile.hpp"

namespace ppo {

/// [begin, end)
struct Share {
  std::int64_t begin;
  std::int64_t end;
};

/// The only one of its team, unless told otherwise.
struct Worker {
  int index = 0;
  int count = 1;
  void (*wait_at)(void* barrier) = nullptr;
  void* barrier = nullptr;
  StageClock* clock = nullptr;

  /// Returns once all workers of the team have come here; what they wrote before is seen after.
  void wait() const {
    if (count > 1) wait_at(barrier);
  }

  /// The barrier that ends a stage.
  void end(Stage stage) const {
    if (clock != nullptr) clock->at_barrier(stage);
    wait();
    if (clock != nullptr) clock->past_barrier(stage);
  }

  /// This worker's part of `items` things: whole things, in order, as even as can be.
  Share share(std::int64_t items) const { return {items * index / count, items * (index + 1) / count}; }

  bool leads() const { return index == 0; }
};

}  // namespace ppo
