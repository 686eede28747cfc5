// policy.safetensors: what all agents have learned, as named tensors.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/agent_state.hpp"
#include "engine/environment.hpp"
#include "formats/safetensors.hpp"
#include "run/evaluation.hpp"

namespace ppo {

/// The keys of a config without which nobody can tell what the parameters mean. The file repeats their values
/// in its metadata.
inline constexpr const char* kPolicyKeys[] = {"env", "hidden_size", "activation", "norm_obs", "norm_reward"};

/// Its name in the folder of a run, and that of the file of the agents at their best.
inline constexpr const char* kPolicyFile = "policy.safetensors";
inline constexpr const char* kBestFile = "best.safetensors";

/// The `format` in the metadata.
inline constexpr const char* kPolicyFormat = "ppo_train policy";

/// One agent's parameters [P] as tensors: actor.l1.w [O][H] ... critic.head.b [1], and actor.log_std [D] of
/// continuous actions.
std::vector<Tensor> policy_tensors(const EnvironmentInfo& environment, const TrainedPolicy& policy);

/// The policy of agent k.
using PolicyOf = std::function<TrainedPolicy(std::int64_t k)>;

/// policy.safetensors: each agent's tensors, and its running statistics if it normalises; with several agents
/// each tensor leads with K. `metadata` are more than those that say how to read it.
std::string policy_file(const Config& config, const PolicyOf& policy_of,
                        std::map<std::string, std::string> metadata = {});

/// best.safetensors: the same of the best policies [K]; empty while an agent has none.
std::string best_policy_file(const Config& config, const std::vector<std::optional<BestPolicy>>& best);

inline constexpr const char* kRunsConfig = "the run's config.toml";

/// The agents' policies [K] out of such a file. Throws Failure(kWrongInput), naming the file, when it is not
/// of the config's sizes and this many agents; `config_name` says whose sizes those are.
std::vector<TrainedPolicy> parse_policy(const SafeTensorsImage& image, const std::string& file,
                                        const Config& config, const char* config_name = kRunsConfig);

/// The largest that such a file can be [bytes].
std::size_t most_policy_bytes(const Config& config);

/// The same from policy.safetensors. Throws Failure(kWrongInput), also when the file is damaged.
std::vector<TrainedPolicy> read_policy(const std::filesystem::path& file, const Config& config);

}  // namespace ppo
