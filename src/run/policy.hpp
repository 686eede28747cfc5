// policy.safetensors: the parameters of all agents as named tensors.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/environment.hpp"
#include "formats/safetensors.hpp"

namespace ppo {

/// One agent's parameters [P] as tensors: actor.l1.w [O][H] ... critic.head.b [1].
std::vector<Tensor> policy_tensors(const EnvironmentInfo& environment, std::span<const float> params);

/// Parameters [P] of agent k, valid until the next call.
using ParamsOf = std::function<std::span<const float>(std::int64_t k)>;

/// policy.safetensors: each agent's tensors; with several agents each tensor leads with K.
std::string policy_file(const Config& config, const ParamsOf& params_of);

/// Parameters [K][P] out of such a file's content. Throws Failure(kWrongInput), naming the file, when it is
/// not of this environment's sizes and this many agents.
std::vector<std::vector<float>> policy_params(const SafeTensors& content, const std::string& file,
                                              const EnvironmentInfo& environment, std::int64_t num_agents);

/// The same from policy.safetensors. Throws Failure(kWrongInput), also when the file is damaged.
std::vector<std::vector<float>> read_policy(const std::filesystem::path& file,
                                            const EnvironmentInfo& environment, std::int64_t num_agents);

/// "0x" and 16 hexadecimal digits: FNV-1a of the parameters [P].
std::string param_hash(std::span<const float> params);

}  // namespace ppo
