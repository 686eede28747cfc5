#include "run/saved_run.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "config/config_file.hpp"
#include "run/checkpoint_files.hpp"
#include "run/policy.hpp"
#include "run/run_json_reader.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

std::filesystem::path policy_of(const SavedRun& run) {
  return run.folder / "policy.safetensors";
}

/// For the end of an error about a run's policy: what resume would do about it, if anything.
std::string way_on(const SavedRun& run) {
  const std::filesystem::path& folder = run.folder;
  try {
    const std::optional<RunEnding> ending = read_run_json(folder / "run.json", run.config.num_seeds);
    if (!ending) return "; the run has not ended; " + resume_command(folder) + " continues it";
    if (ending->diverged() || list_checkpoints(folder).empty()) return "";
    return "; " + resume_command(folder) + " writes it again";
  } catch (const Failure&) {
    return "";
  }
}

std::vector<TrainedPolicy> read_all(const SavedRun& run) {
  try {
    return read_policy(policy_of(run), run.config);
  } catch (const Failure& failure) {
    throw Failure(failure.exit_code, failure.what() + way_on(run));
  }
}

/// Holds an agent's policy against what run.json says of the run's end.
class EndCheck {
 public:
  explicit EndCheck(const SavedRun& run) : run_(run) {
    const std::filesystem::path& folder = run.folder;
    try {
      ending_ = read_run_json(folder / "run.json", run.config.num_seeds);
    } catch (const Failure& failure) {
      say_note(failure.what() + std::string("; cannot check whether the policy belongs to this run"));
      return;
    }
    if (ending_ && !ending_->diverged()) return;
    say_note(folder.native() + (ending_ ? " has diverged" : " has not ended") +
             "; its policy is from an earlier end of the run");
  }

  void check(std::size_t agent, const TrainedPolicy& policy) const {
    if (!ending_ || ending_->diverged()) return;
    compare("the parameters of agent ", agent, param_hash(policy.params),
            ending_->param_hashes[agent].value_or("none"));
    if (const auto& expected = ending_->policy_hashes[agent]) {
      compare("the parameters and statistics of agent ", agent, policy_hash({&policy, 1}), *expected);
    }
  }

 private:
  void compare(const char* what, std::size_t agent, const std::string& hash,
               const std::string& expected) const {
    if (hash == expected) return;
    throw Failure(kWrongInput, printable(policy_of(run_).native()) + ": damaged: " + what +
                                   std::to_string(agent) + " have the hash " + hash + ", run.json says " +
                                   printable(expected) + way_on(run_));
  }

  const SavedRun& run_;
  std::optional<RunEnding> ending_;
};

}  // namespace

std::string no_run_text(const std::filesystem::path& folder) {
  const std::string problem = quote(folder.native()) + " is not a run folder";
  const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
  if (const auto run = run_of_checkpoints(folder)) {
    return problem + ", but holds the checkpoints of one; write " + file_word(run->native());
  }
  std::error_code error;
  if (const auto run = run_of_checkpoints(above); run && std::filesystem::exists(folder, error)) {
    return problem + ", but lies among the checkpoints of one; write " + file_word(run->native());
  }
  return problem + ": it has no config.toml; write the folder of a run";
}

SavedRun open_run(const std::filesystem::path& folder) {
  if (!holds_config(folder)) throw Failure(kWrongInput, no_run_text(folder));
  SavedRun run{folder, load_config(folder / "config.toml"), nullptr};
  run.environment = find_environment(run.config.env);
  return run;
}

std::vector<TrainedPolicy> read_policies(const SavedRun& run) {
  std::vector<TrainedPolicy> policies = read_all(run);
  const EndCheck end(run);
  for (std::size_t k = 0; k < policies.size(); ++k) end.check(k, policies[k]);
  return policies;
}

TrainedPolicy read_agent(const SavedRun& run, std::int64_t agent) {
  if (agent >= run.config.num_seeds) {
    throw Failure(kWrongInput, "--agent " + std::to_string(agent) + ": the run has " +
                                   (run.config.num_seeds == 1
                                        ? std::string("one agent, 0")
                                        : "agents 0 to " + std::to_string(run.config.num_seeds - 1)));
  }
  const auto k = static_cast<std::size_t>(agent);
  TrainedPolicy policy = std::move(read_all(run)[k]);
  EndCheck(run).check(k, policy);
  return policy;
}

std::int32_t play_limit(const Config& config, std::optional<std::int32_t> max_steps) {
  if (max_steps) return *max_steps;
  if (config.hyper.max_episode_steps > 0) return config.hyper.max_episode_steps;
  const std::int32_t limit = find_environment(config.env)->info().time_limit;
  return limit > 0 ? limit : EvalOptions{}.max_steps;
}

std::int32_t film_limit(const Config& config) {
  return std::min(play_limit(config, std::nullopt), EvalOptions{}.max_steps);
}

}  // namespace ppo
