#include "commands/export.hpp"

#include "export/c_header.hpp"
#include "export/onnx.hpp"
#include "run/policy.hpp"
#include "run/saved_run.hpp"
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
  return {".safetensors", policy_file(agent.config, [&](std::int64_t) { return agent.policy; }),
          "safetensors: " + std::to_string(agent.tensors.size()) + " tensors, " +
              std::to_string(agent.policy.params.size()) + " parameters, " + agent.tensors.front().name +
              " ... " + agent.tensors.back().name};
}

}  // namespace

int run_export(const ExportCommand& command) {
  const SavedRun run = open_run(command.run);
  const TrainedPolicy policy = read_agent(run, command.agent);
  const EnvironmentInfo& environment = run.environment->info();
  TrainedAgent agent{.config = run.config,
                     .environment = environment,
                     .policy = policy,
                     .tensors = policy_tensors(environment, policy),
                     .param_hash = param_hash(policy.params)};
  agent.config.hyper.seed += static_cast<std::uint64_t>(command.agent);
  agent.config.num_seeds = 1;

  const Exported exported = command.format == ExportFormat::onnx ? as_onnx(agent)
                            : command.format == ExportFormat::c  ? as_c(agent)
                                                                 : as_safetensors(agent);
  const std::string number = run.config.num_seeds > 1 ? std::to_string(command.agent) : "";
  const std::filesystem::path file =
      command.file.value_or(command.run / ("agent" + number + exported.ending));
  std::error_code error;
  if (std::filesystem::equivalent(file, run.folder / "policy.safetensors", error)) {
    throw Failure(kWrongInput, "cannot write " + quote(file.native()) +
                                   ": it is the run's own policy; write another name");
  }
  write_file(file, exported.content);
  say_saved(file, exported.what);
  return kDone;
}

}  // namespace ppo
