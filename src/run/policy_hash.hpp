// The hashes by which a policy is known again.
#pragma once

#include <span>
#include <string>

#include "engine/agent_state.hpp"

namespace ppo {

/// "0x" and 16 hexadecimal digits: FNV-1a of the parameters [P].
std::string param_hash(std::span<const float> params);

/// The same of all that the policies have learned: their parameters, then the statistics that they normalise
/// by. Of a single one without statistics it is the hash of its parameters.
std::string policy_hash(std::span<const TrainedPolicy> policies);

}  // namespace ppo
