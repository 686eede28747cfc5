// Exports a policy as a header for C and C++.
#pragma once

#include <string>

#include "export/trained_agent.hpp"

namespace ppo {

/// The file's text: `act`, the greedy action, and `act_logits` or `act_mean`, the actor's outputs. C99; the
/// standard library is all that it needs.
std::string to_c_header(const TrainedAgent& agent);

}  // namespace ppo
