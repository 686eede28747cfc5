// Plays episodes of trained policies with threads of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/agent_state.hpp"
#include "engine/cpu/block.hpp"
#include "engine/cpu/team.hpp"
#include "engine/environment.hpp"
#include "engine/episode_statistics.hpp"

namespace ppo {

class Evaluator {
 public:
  /// For policies of the loops' environment and of hyper.hidden_size. Throws Failure(kRunFailed) if a thread
  /// cannot be started.
  Evaluator(const EnvironmentLoops& loops, const Hyper& hyper, int threads);

  /// The results [policies][options.episodes]. A policy's do not depend on the other policies, nor any on the
  /// threads.
  std::vector<std::vector<EpisodeResult>> play(std::span<const TrainedPolicy> policies,
                                               const EvalOptions& options);

  /// Plays the same in calls of play that each take a small part of a second, and hands what they say of each
  /// policy, one after the other, to `take`. `played` is told the episodes of each call, and returns false
  /// where what is left is to be given up; then this returns false, too.
  bool play_in_parts(std::span<const TrainedPolicy> policies, const EvalOptions& options,
                     const std::function<bool(std::int64_t episodes)>& played,
                     const std::function<void(const EpisodeStatistics&)>& take);

  /// The results [options.episodes] of one policy, played by the calling thread. Every state is shown to the
  /// spectator, which may throw.
  std::vector<EpisodeResult> play_for(Spectator& spectator, const TrainedPolicy& policy,
                                      const EvalOptions& options);

 private:
  const EnvironmentLoops& loops_;
  Team team_;
  std::vector<Block> scratch_;  // [workers]
};

}  // namespace ppo
