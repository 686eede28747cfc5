#include "training/initial_policy.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include "config/options.hpp"
#include "config/toml_reader.hpp"
#include "run/checkpoint_layout.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"
#include "run/saved/saved_agents.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const Config& config, const std::string& problem) {
  throw Failure(kWrongInput, "init_from " + printable(config.init_from) + ": " + problem);
}

void check_agrees(const Config& config, const Config& source) {
  for (const char* key : kPolicyKeys) {
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

/// A tensor of several agents leads with their number.
std::int64_t count_agents(const SafeTensorsImage& image) {
  const auto bias = std::ranges::find(image.tensors, "critic.head.b", &TensorPlace::name);
  return bias != image.tensors.end() && bias->shape.size() == 2 ? bias->shape.front() : 1;
}

/// The config as the file's metadata has it. A key that a policy of ours lacks is newer than the program that
/// wrote it, which had only what is the default. What a file of others does not say is taken to agree; then
/// the tensors' shapes tell.
Config config_of(const SafeTensorsImage& image, const Config& config) {
  const auto format = image.metadata.find("format");
  const bool is_ours = format != image.metadata.end() && format->second == kPolicyFormat;
  Config source = is_ours ? Config{} : config;
  const auto take = [&](const char* key) {
    const auto found = image.metadata.find(key);
    if (found == image.metadata.end()) return false;
    const Option& option = *find_option(key);
    if (store(option, read_value(option.domain, found->second), source)) return true;
    refuse(config,
           std::string("its ") + key + " is " + quote(found->second) + ", which this program does not know");
  };
  for (const char* key : kPolicyKeys) take(key);
  if (!take("num_seeds")) source.num_seeds = count_agents(image);
  return source;
}

std::vector<TrainedPolicy> read_file(const Config& config) {
  // So that files of other sizes are refused by name.
  constexpr std::size_t kMostBytes = std::size_t{1} << 32;
  const SafeTensorsImage image =
      read_image(config.init_from, "policy", std::max(kMostBytes, most_policy_bytes(config)));
  const auto format = image.metadata.find("format");
  if (format != image.metadata.end() && format->second == kCheckpointFormat) {
    refuse(config,
           "it is a checkpoint, not a policy; write the folder of its run, or export its agent first");
  }
  const Config source = config_of(image, config);
  check_agrees(config, source);
  check_count(config, source.num_seeds);
  return parse_policy(image, config.init_from, source, "this run's config");
}

}  // namespace

std::vector<TrainedPolicy> read_initial_policies(Config& config) {
  config.init_from = std::filesystem::absolute(config.init_from).lexically_normal().native();
  if (!is_utf8(config.init_from)) {
    refuse(config,
           "its whole path is not UTF-8, and config.toml cannot hold it; move it or rename its folders");
  }
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(config.init_from, error);
  if (!is_folder && !std::filesystem::exists(config.init_from, error)) {
    refuse(config, "it is not there; write the path of a run folder or of a policy.safetensors");
  }
  std::vector<TrainedPolicy> policies = is_folder ? read_run(config) : read_file(config);
  const std::string hash = policy_hash(policies);
  if (!config.init_from_hash.empty() && config.init_from_hash != hash) {
    refuse(config, "it has the hash " + hash + ", not init_from_hash " + config.init_from_hash +
                       "; it has changed since then, or is another one");
  }
  config.init_from_hash = hash;
  policies.resize(static_cast<std::size_t>(config.num_seeds), policies.front());
  return policies;
}

void start_from(const std::vector<TrainedPolicy>& policies, Engine& engine) {
  for (std::size_t k = 0; k < policies.size(); ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    AgentState state = engine.save(agent);
    state.params = policies[k].params;
    if (!policies[k].moments.empty()) state.moments = policies[k].moments;
    engine.load(agent, state);
  }
}

}  // namespace ppo
