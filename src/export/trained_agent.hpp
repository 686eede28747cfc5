// The input of an exporter.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/agent_state.hpp"
#include "formats/safetensors.hpp"
#include "run/saved/agent_origin.hpp"

namespace ppo {

struct TrainedAgent {
  Config config;  // of the run that trains this agent alone
  const EnvironmentInfo& environment;
  TrainedPolicy policy;
  std::vector<Tensor> tensors;  // as policy_tensors has them
  std::string param_hash;
  AgentOrigin origin;

  bool is_discrete() const { return environment.actions.count > 0; }

  /// Numbers that the actor puts out: logits, or means.
  int outputs() const { return is_discrete() ? environment.actions.count : environment.actions.numbers; }
};

/// One number for each of the observation's, or of the action's.
using Numbers = std::vector<float>;

/// What the networks see of an observation is (obs - shift) * scale, at most kNormBound in size.
struct ExportedNorm {
  Numbers shift, scale;  // [O]
};
ExportedNorm exported_norm(const TrainedAgent& agent);

/// The ranges of a Box's numbers; the largest float stands for an end that is infinite.
struct ExportedRanges {
  Numbers low, high;  // [D]
};
ExportedRanges exported_ranges(const TrainedAgent& agent);

}  // namespace ppo
