#include "run/saved_run.hpp"

#include <algorithm>

#include "config/config_file.hpp"
#include "config/text.hpp"
#include "errors.hpp"
#include "run/checkpoint_files.hpp"
#include "run/policy.hpp"
#include "run/run_json_reader.hpp"
#include "run/terminal.hpp"

namespace ppo {
namespace {

/// For the end of an error about a run's policy: what resume would do about it, if anything.
std::string way_on(const std::filesystem::path& folder) {
  try {
    const std::optional<RunEnding> ending = read_run_json(folder / "run.json");
    if (!ending) return "; the run has not ended, " + resume_command(folder) + " goes on with it";
    if (ending->diverged() || list_checkpoints(folder).empty()) return "";
    return "; " + resume_command(folder) + " writes it anew";
  } catch (const Failure&) {
    return "";
  }
}

}  // namespace

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
    throw Failure(failure.exit_code, failure.what() + way_on(run.folder));
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
