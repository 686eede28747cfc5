#include "commands/loaded_agents.hpp"

#include <utility>

#include "run/checkpoint.hpp"

namespace ppo {
namespace {

TrainedPolicy policy_of(const Checkpoint& checkpoint, std::int64_t k) {
  AgentState state = checkpoint.agent(k);
  TrainedPolicy policy{.hyper = checkpoint.config().hyper, .params = std::move(state.params), .moments = {}};
  if (normalises(policy.hyper)) policy.moments = std::move(state.moments);
  return policy;
}

LoadedAgents load_checkpoint(const std::filesystem::path& file, std::optional<std::int64_t> only) {
  const Checkpoint checkpoint(file);
  const Config& config = checkpoint.config();
  if (only) check_agent(config, *only);
  LoadedAgents loaded{config, find_environment(config.env), {}};
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    if (only && k != *only) continue;
    loaded.agents.policies.push_back(policy_of(checkpoint, k));
    loaded.agents.origins.push_back({.is_best = false, .steps = checkpoint.steps(k)});
  }
  return loaded;
}

}  // namespace

LoadedAgents load_agents(const AgentSource& source, std::optional<std::int64_t> only) {
  if (source.place.checkpoint) return load_checkpoint(*source.place.checkpoint, only);
  const SavedRun run = open_run(*source.place.run);
  return {run.config, run.environment, read_agents(run, source.kind, only)};
}

std::filesystem::path default_file(const AgentSource& source, const std::string& name,
                                   const std::string& ending) {
  const auto& [run, checkpoint] = source.place;
  const std::filesystem::path folder = run ? *run : checkpoint->parent_path();
  std::string of;
  if (checkpoint) of = '-' + checkpoint->stem().native();
  if (source.kind == PolicyKind::best) of = "-best";
  return folder / (name + of + ending);
}

}  // namespace ppo
