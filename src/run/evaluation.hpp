// An agent's evaluation while it trains, and the best of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "engine/agent_state.hpp"
#include "engine/episode_statistics.hpp"

namespace ppo {

struct EvalRecord {
  std::int64_t agent = 0;
  std::int64_t update = 0;  // after so many updates
  std::int64_t steps = 0;   // of this agent by then
  EpisodeStatistics episodes;
};

/// The best policy that an agent has had when it was evaluated.
struct Best {
  std::int64_t update = 0;  // after so many updates
  double return_mean = 0;   // of its evaluation's episodes
  double return_std = 0;
  TrainedPolicy policy;
};

/// Whether the later evaluation is better: of a higher mean return or, where that is the same, a lower
/// deviation. What is not finite is no better than anything.
inline bool is_better(const EpisodeStatistics& later, const std::optional<Best>& best) {
  if (!std::isfinite(later.mean) || !std::isfinite(later.std)) return false;
  if (!best || later.mean != best->return_mean) return !best || later.mean > best->return_mean;
  return later.std < best->return_std;
}

}  // namespace ppo
