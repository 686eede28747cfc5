#include "commands/export.hpp"

#include "config/config_file.hpp"
#include "export/c_header.hpp"
#include "export/onnx.hpp"
#include "run/checkpoint_files.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

struct Exported {
  std::string ending;
  std::string content;
  std::string what;  // it is, for a person
};

Exported as_onnx(const TrainedAgent& agent) {
  const std::string O = std::to_string(agent.environment.observation_size);
  const std::string A = std::to_string(agent.outputs());
  const std::string action = agent.is_discrete()
                                 ? "logits [batch][" + A + "], action [batch]"
                                 : "mean [batch][" + A + "], log_std [" + A + "], action [batch][" + A + "]";
  return {".onnx", to_onnx(agent), "ONNX: obs [batch][" + O + "] -> " + action + ", value [batch]"};
}

Exported as_c(const TrainedAgent& agent) {
  const std::string O = std::to_string(agent.environment.observation_size);
  const std::string A = std::to_string(agent.outputs());
  const std::string functions =
      agent.is_discrete()
          ? "int act(const float obs[" + O + "]), act_logits(obs, float logits[" + A + "])"
          : "act(const float obs[" + O + "], float action[" + A + "]), act_mean(obs, float mean[" + A + "])";
  return {".h", to_c_header(agent), "C: " + functions};
}

Exported as_safetensors(const TrainedAgent& agent) {
  return {".safetensors",
          policy_file(
              agent.config, [&](std::int64_t) { return agent.policy; }, agent.origin.metadata()),
          "safetensors: " + std::to_string(agent.tensors.size()) + " tensors, " +
              std::to_string(agent.policy.params.size()) + " parameters, " + agent.tensors.front().name +
              " ... " + agent.tensors.back().name};
}

/// Nothing that a run reads again is replaced, nor the checkpoint that the agent is of.
void check_replaces_nothing(const std::filesystem::path& file, const RunPlace& source) {
  const auto refuse = [&](const std::string& problem) {
    throw Failure(kWrongInput,
                  "cannot write " + quote(file.native()) + ": " + problem + "; write another name");
  };
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const bool is_policy = file.filename() == kPolicyFile || file.filename() == kBestFile;
  if (is_policy && holds_config(folder)) refuse("it is the run's own policy");
  if (file.extension() == ".safetensors" && run_of_checkpoints(folder)) {
    refuse("it would lie among the checkpoints of a run");
  }
  std::error_code error;
  if (source.checkpoint && std::filesystem::equivalent(file, *source.checkpoint, error)) {
    refuse("it is the checkpoint itself");
  }
}

}  // namespace

int run_export(const ExportCommand& command) {
  const LoadedAgents loaded = load_agents(command.source, command.agent);
  const TrainedPolicy& policy = loaded.agents.policies.front();
  const EnvironmentInfo& environment = loaded.environment->info();
  TrainedAgent agent{.config = loaded.config,
                     .environment = environment,
                     .policy = policy,
                     .tensors = policy_tensors(environment, policy),
                     .param_hash = param_hash(policy.params),
                     .origin = loaded.agents.origins.front()};
  agent.config.hyper.seed += static_cast<std::uint64_t>(command.agent);
  agent.config.num_seeds = 1;

  const Exported exported = command.format == ExportFormat::onnx ? as_onnx(agent)
                            : command.format == ExportFormat::c  ? as_c(agent)
                                                                 : as_safetensors(agent);
  const std::string name = loaded.config.num_seeds > 1 ? "agent" + std::to_string(command.agent) : "agent";
  const std::filesystem::path file =
      command.file.value_or(default_file(command.source, name, exported.ending));
  check_replaces_nothing(file, command.source.place);
  write_file(file, exported.content);
  const std::string when = agent.origin.text();
  say_saved(file, exported.what + (when.empty() ? "" : "; ") + when);
  return kDone;
}

}  // namespace ppo
