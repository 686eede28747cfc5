#include "run/saved_run.hpp"

#include <algorithm>

#include "config/config_file.hpp"
#include "config/text.hpp"
#include "errors.hpp"
#include "run/policy.hpp"
#include "run/terminal.hpp"

namespace ppo {

SavedRun open_run(const std::filesystem::path& folder) {
  if (!holds_config(folder)) {
    throw Failure(kWrongInput, quote(folder.native()) +
                                   " is no run folder: it holds no config.toml; write a folder that train "
                                   "has saved");
  }
  SavedRun run{folder, load_config(folder / "config.toml"), nullptr};
  run.environment = find_environment(run.config.env);
  return run;
}

std::vector<std::vector<float>> read_policies(const SavedRun& run) {
  try {
    return read_policy(run.folder / "policy.safetensors", run.environment->info(), run.config.num_seeds);
  } catch (const Failure& failure) {
    throw Failure(failure.exit_code,
                  std::string(failure.what()) + "; " + resume_command(run.folder) + " writes it anew");
  }
}

std::vector<float> read_agent(const SavedRun& run, std::int64_t agent) {
  if (agent >= run.config.num_seeds) {
    throw Failure(kWrongInput, "--agent " + std::to_string(agent) + ": the run has " +
                                   (run.config.num_seeds == 1
                                        ? std::string("one agent, 0")
                                        : "agents 0 to " + std::to_string(run.config.num_seeds - 1)));
  }
  return std::move(read_policies(run)[static_cast<std::size_t>(agent)]);
}

std::int32_t play_limit(const Config& config, std::optional<std::int32_t> max_steps) {
  const std::int32_t limit = config.hyper.max_episode_steps;
  return max_steps.value_or(limit > 0 ? limit : EvalOptions{}.max_steps);
}

std::int32_t film_limit(const Config& config) {
  return std::min(play_limit(config, std::nullopt), EvalOptions{}.max_steps);
}

}  // namespace ppo
