#include "export/trained_agent.hpp"

#include <algorithm>
#include <limits>

#include "ppo/normalise.hpp"

namespace ppo {

ExportedNorm exported_norm(const TrainedAgent& agent) {
  ExportedNorm norm;
  for (int i = 0; i < agent.environment.observation_size; ++i) {
    const Moments<double>& moments = agent.policy.moments[static_cast<std::size_t>(i)];
    norm.shift.push_back(static_cast<float>(moments.mean));
    norm.scale.push_back(norm_scale(moments));
  }
  return norm;
}

ExportedRanges exported_ranges(const TrainedAgent& agent) {
  constexpr float kLargest = std::numeric_limits<float>::max();  // C has no literal for infinity
  ExportedRanges ranges;
  for (int d = 0; d < agent.environment.actions.numbers; ++d) {
    const ActionRange range = agent.environment.actions.range(d);
    ranges.low.push_back(std::max(range.low, -kLargest));
    ranges.high.push_back(std::min(range.high, kLargest));
  }
  return ranges;
}

}  // namespace ppo
