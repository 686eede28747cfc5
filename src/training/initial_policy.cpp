#include "training/initial_policy.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include "config/config_file.hpp"
#include "config/options.hpp"
#include "ppo/hash.hpp"
#include "run/policy.hpp"
#include "run/saved_run.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const Config& config, const std::string& problem) {
  throw Failure(kWrongInput, "init_from " + quote(config.init_from) + ": " + problem);
}

/// What makes the parameters mean the same.
constexpr const char* kMustAgree[] = {"env", "hidden_size", "activation", "norm_obs", "norm_reward"};

void check_agrees(const Config& config, const Config& source) {
  for (const char* key : kMustAgree) {
    const Option& option = *find_option(key);
    const std::string there = value_text(source, option);
    const std::string here = value_text(config, option);
    if (there == here) continue;
    refuse(config, std::string("its ") + key + " is " + there + ", this run's is " + here + "; write " + key +
                       " = " + there);
  }
}

void check_count(const Config& config, std::int64_t count) {
  if (count == 1 || count == config.num_seeds) return;
  refuse(config, "it has " + std::to_string(count) + " agents and this run " +
                     std::to_string(config.num_seeds) + "; write num_seeds = " + std::to_string(count) +
                     ", or export one of its agents");
}

std::vector<TrainedPolicy> read_run(const Config& config) {
  const SavedRun run = open_run(config.init_from);
  check_agrees(config, run.config);
  check_count(config, run.config.num_seeds);
  return read_policies(run);
}

/// A policy file says how many agents it holds; what else must agree shows in its tensors.
std::vector<TrainedPolicy> read_file(const Config& config) {
  Config source = config;
  source.num_seeds = 1;
  try {
    return read_policy(config.init_from, source);
  } catch (const Failure& failure) {
    if (config.num_seeds == 1) throw;
  }
  return read_policy(config.init_from, config);
}

std::string hash_of(const std::vector<TrainedPolicy>& policies) {
  std::vector<float> all;
  for (const TrainedPolicy& policy : policies) {
    all.insert(all.end(), policy.params.begin(), policy.params.end());
  }
  return param_hash(all);
}

}  // namespace

std::vector<TrainedPolicy> read_initial_policies(Config& config) {
  config.init_from = std::filesystem::absolute(config.init_from).lexically_normal().native();
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(config.init_from, error);
  std::vector<TrainedPolicy> policies = is_folder ? read_run(config) : read_file(config);
  const std::string hash = hash_of(policies);
  if (!config.init_from_hash.empty() && config.init_from_hash != hash) {
    refuse(config, "its parameters have the hash " + hash + ", not init_from_hash " + config.init_from_hash +
                       "; it is not what the run started from");
  }
  config.init_from_hash = hash;
  policies.resize(static_cast<std::size_t>(config.num_seeds), policies.front());
  return policies;
}

}  // namespace ppo
