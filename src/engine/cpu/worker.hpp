// One of the threads that train an agent together, as the stages see it: its share of the work, and the
// team's barrier. Teams of several ranks may train an agent together, each on its own copy of it.
#pragma once

#include <cstdint>

#include "engine/profile.hpp"

namespace ppo {

class RankExchange;

/// [begin, end)
struct Share {
  std::int64_t begin;
  std::int64_t end;
};

/// By default the only worker of its team.
struct Worker {
  int index = 0;
  int count = 1;
  int rank = 0;
  int ranks = 1;
  void (*wait_at)(void* barrier) = nullptr;
  void* barrier = nullptr;
  StageClock* clock = nullptr;
  void* scratch = nullptr;           // EnvironmentLoops::scratch_bytes of its own, aligned to 64
  RankExchange* exchange = nullptr;  // between the ranks, if there are several

  /// Returns once all workers of the team have arrived; what they wrote before is visible after.
  void wait() const {
    if (count > 1) wait_at(barrier);
  }

  /// To be called before the first stage of an update.
  void begin() const {
    if (clock != nullptr) clock->start();
  }

  /// The barrier that ends a stage, for engines that can do something between its halves.
  void arrive(Stage) const {}
  void leave(Stage stage) const { end(stage); }

  /// The barrier that ends a stage.
  void end(Stage stage) const {
    if (clock != nullptr) clock->at_barrier(stage);
    wait();
    if (clock != nullptr) clock->past_barrier(stage);
  }

  /// This worker's part of `items` items: a contiguous range, as even as possible. Ranks take whole items;
  /// within a rank each falls into `parts` parts, which the range is in.
  Share share(std::int64_t items, int parts = 1) const {
    const std::int64_t begin = items * rank / ranks * parts;
    const Share within = share_in_team(items * (rank + 1) / ranks * parts - begin);
    return {begin + within.begin, begin + within.end};
  }

  /// The same of work that every rank does for itself.
  Share share_in_team(std::int64_t items) const {
    return {items * index / count, items * (index + 1) / count};
  }

  /// Whether it does what only one of the team has to.
  bool leads() const { return index == 0; }

  /// The team shares the agent's header. The first worker writes it; all see the result from end_header on.
  bool writes_header() const { return leads(); }
  void end_header() const { wait(); }

  /// Every worker has its own notes.
  bool writes_notes() const { return true; }
  void end_notes() const {}
};

}  // namespace ppo
