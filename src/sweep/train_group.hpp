// Trains agents of a sweep together, in one engine: those that share all sizes.
#pragma once

#include <cstdint>
#include <span>

#include "sweep/trial.hpp"

namespace ppo {

/// What goes on beside the training of a sweep.
class SweepWatch {
 public:
  virtual ~SweepWatch() = default;

  /// The agents together have trained so many more steps.
  virtual void trained(std::int64_t steps) = 0;

  /// Whether all is to stop.
  virtual bool is_stopped() = 0;

  /// Whether the states of all agents are wanted now: a checkpoint is due, or all is to stop.
  virtual bool is_due() = 0;

  /// Called with the states of all agents up to date. Returns false where all is to stop.
  virtual bool rest() = 0;
};

/// An agent, and the config of its trial.
struct GroupMember {
  const Config* config;
  SweepAgent* agent;
};

struct GroupTask {
  const SweepPlan& plan;
  std::span<const GroupMember> members;  // of the same sizes, at the same update; one at least
  std::int64_t until;                    // update
  std::uint64_t eval_seed;               // of the episodes that evaluate all
};

/// Trains the members to that update, evaluates them on the way and there, and leaves their states with them.
/// One that diverges is no longer trained. Returns false where `watch` has stopped it before. Throws Failure
/// as make_engine.
bool train_group(const GroupTask& task, SweepWatch& watch);

/// Whether the latest evaluation of such members was given up. All were evaluated together.
bool lacks_evaluation(const SweepPlan& plan, std::span<const GroupMember> members);

/// Whether an agent whose updates have so many steps is evaluated after that update.
bool is_evaluated(const SweepPlan& plan, std::int64_t update, std::int64_t batch);

}  // namespace ppo
