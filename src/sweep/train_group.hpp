// Trains agents of a sweep together, in one engine: those that share all sizes.
#pragma once

#include <cstdint>
#include <span>

#include "engine/engine.hpp"
#include "sweep/trial.hpp"

namespace ppo {

/// What goes on beside the training of a sweep.
class SweepWatch {
 public:
  virtual ~SweepWatch() = default;

  /// The next agents train there.
  virtual void trains_on(const EngineInfo& engine) = 0;

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
  std::span<const GroupMember> members;  // of the same sizes and at the same update, all evaluated or none
  std::int64_t until;                    // update
  std::uint64_t eval_seed;               // of the episodes that evaluate all
};

/// How many agents of such a config train together: on the CPU as many as take a fraction of a second for an
/// update, so that a signal is soon obeyed; on a card, where they train side by side, thousands.
std::int64_t most_agents_at_once(const Config& config);

/// Trains the members to that update, evaluates them on the way and there, and leaves their states with them.
/// One that diverges is no longer trained. Returns false where `watch` has stopped it before. Throws Failure
/// as make_engine.
bool train_group(const GroupTask& task, SweepWatch& watch);

/// Whether the latest evaluation of the member was given up.
bool lacks_evaluation(const SweepPlan& plan, const GroupMember& member);

/// Whether an agent whose updates have so many steps is evaluated after that update.
bool is_evaluated(const SweepPlan& plan, std::int64_t update, std::int64_t batch);

}  // namespace ppo
