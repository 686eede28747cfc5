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

/// By which evaluations are compared.
struct EvalScore {
  std::int64_t update = 0;  // after so many updates
  double return_mean = 0;   // of its episodes
  double return_std = 0;
};

/// The best policy that an agent has had when it was evaluated.
struct BestPolicy {
  EvalScore score = {};
  TrainedPolicy policy;
};

/// Whether the later evaluation is better: of a higher mean return or, where that is the same, a lower
/// deviation. What is not finite is no better than anything.
inline bool is_better(const EvalScore& later, const std::optional<EvalScore>& best) {
  if (!std::isfinite(later.return_mean) || !std::isfinite(later.return_std)) return false;
  if (!best || later.return_mean != best->return_mean) return !best || later.return_mean > best->return_mean;
  return later.return_std < best->return_std;
}

}  // namespace ppo
