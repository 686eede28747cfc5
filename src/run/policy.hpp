// policy.safetensors: what all agents have learned, as named tensors.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/agent_state.hpp"
#include "engine/environment.hpp"
#include "formats/safetensors.hpp"

namespace ppo {

/// One agent's parameters [P] as tensors: actor.l1.w [O][H] ... critic.head.b [1], and actor.log_std [D] of
/// continuous actions.
std::vector<Tensor> policy_tensors(const EnvironmentInfo& environment, const TrainedPolicy& policy);

/// The policy of agent k.
using PolicyOf = std::function<TrainedPolicy(std::int64_t k)>;

/// policy.safetensors: each agent's tensors, and its running statistics if it normalises; with several agents
/// each tensor leads with K.
std::string policy_file(const Config& config, const PolicyOf& policy_of);

/// The agents' policies [K] out of such a file. Throws Failure(kWrongInput), naming the file, when it is not
/// of the config's sizes and this many agents.
std::vector<TrainedPolicy> parse_policy(const SafeTensorsImage& image, const std::string& file,
                                        const Config& config);

/// The same from policy.safetensors. Throws Failure(kWrongInput), also when the file is damaged.
std::vector<TrainedPolicy> read_policy(const std::filesystem::path& file, const Config& config);

/// "0x" and 16 hexadecimal digits: FNV-1a of the parameters [P].
std::string param_hash(std::span<const float> params);

}  // namespace ppo
