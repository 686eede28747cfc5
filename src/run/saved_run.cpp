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

/// Why a path that is not the folder of a run is none, and what to write instead.
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

/// One of a run's files of policies, and what run.json says of it.
class PolicyFile {
 public:
  PolicyFile(const SavedRun& run, Which which)
      : run_(run),
        is_best_(which == Which::best),
        file_(run.folder / (is_best_ ? "best.safetensors" : "policy.safetensors")) {
    try {
      ending_ = read_run_json(run.folder / "run.json", run.config.num_seeds);
    } catch (const Failure& failure) {
      problem_ = failure.what();
    }
  }

  std::vector<TrainedPolicy> read() const {
    if (is_best_ && !has_best()) {
      throw Failure(kWrongInput,
                    printable(run_.folder.native()) +
                        " has no best agent: only a run with eval_every above 0 has one, from its "
                        "first evaluation on; leave out --best for the final agent");
    }
    try {
      return read_policy(file_, run_.config);
    } catch (const Failure& failure) {
      throw Failure(failure.exit_code, failure.what() + way_on());
    }
  }

  /// What a user may not expect of the policies.
  void say_doubts() const {
    const std::string& folder = run_.folder.native();
    if (!problem_.empty()) {
      say_note(problem_ + "; cannot check whether the policy belongs to this run");
    } else if (is_best_) {
      if (!ending_) say_note(folder + " has not ended; its best agent is the best so far");
    } else if (!is_of_end()) {
      say_note(folder + (ending_ ? " has diverged" : " has not ended") +
               "; its policy is from an earlier end of the run");
    }
  }

  void check(std::size_t agent, const TrainedPolicy& policy) const {
    const char* const all = policy.moments.empty() ? "parameters" : "parameters and statistics";
    if (is_best_) {
      if (ending_) compare(agent, all, policy_hash({&policy, 1}), ending_->best[agent]->policy_hash);
    } else if (is_of_end()) {
      compare(agent, "parameters", param_hash(policy.params), ending_->param_hashes[agent].value_or("none"));
      if (const auto& expected = ending_->policy_hashes[agent]) {
        compare(agent, all, policy_hash({&policy, 1}), *expected);
      }
    }
  }

  AgentOrigin origin(std::size_t agent) const {
    AgentOrigin origin{.is_best = is_best_, .steps = std::nullopt};
    if (is_best_ && ending_) origin.steps = ending_->best[agent]->steps;
    return origin;
  }

 private:
  void compare(std::size_t agent, const char* what, const std::string& hash,
               const std::string& expected) const {
    if (hash == expected) return;
    throw Failure(kWrongInput, printable(file_.native()) + ": damaged: the " + what + " of agent " +
                                   std::to_string(agent) + " have the hash " + hash + ", run.json says " +
                                   printable(expected) + way_on());
  }

  /// As run.json says, and while there is none, as the folder shows.
  bool has_best() const {
    if (ending_) return std::ranges::all_of(ending_->best, [](const auto& best) { return best.has_value(); });
    std::error_code error;
    return std::filesystem::status(file_, error).type() != std::filesystem::file_type::not_found;
  }

  bool is_of_end() const { return ending_ && !ending_->diverged(); }

  /// For the end of an error about the file: what resume would do about it, if anything.
  std::string way_on() const {
    const std::filesystem::path& folder = run_.folder;
    if (!problem_.empty()) return "";
    try {
      if (!ending_) return "; the run has not ended; " + resume_command(folder) + " continues it";
      if (ending_->diverged() || list_checkpoints(folder).empty()) return "";
      return "; " + resume_command(folder) + " writes it again";
    } catch (const Failure&) {
      return "";
    }
  }

  const SavedRun& run_;
  bool is_best_;
  std::filesystem::path file_;
  std::optional<RunEnding> ending_;
  std::string problem_;  // why run.json cannot be read
};

}  // namespace

SavedRun open_run(const std::filesystem::path& folder) {
  if (!holds_config(folder)) throw Failure(kWrongInput, no_run_text(folder));
  SavedRun run{folder, load_config(folder / "config.toml"), nullptr};
  run.environment = find_environment(run.config.env);
  return run;
}

RunPlace find_run(const std::filesystem::path& named) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_type type = fs::status(named, error).type();
  if (type == fs::file_type::not_found) {
    throw Failure(kWrongInput, "there is no " + quote(named.native()) +
                                   "; write the folder of a run, or one of its checkpoints");
  }
  if (type == fs::file_type::none) {
    throw Failure(kWrongInput, "cannot read " + quote(named.native()) + ": " + error.message());
  }
  if (type == fs::file_type::directory) {
    if (holds_config(named)) return {named, {}};
    throw Failure(kWrongInput, no_run_text(named));
  }
  if (const auto run = run_of_checkpoints(named.parent_path())) return {run, named};
  // Wherever a link leads.
  return {run_of_checkpoints(fs::canonical(named, error).parent_path()), named};
}

std::string AgentOrigin::text() const {
  const std::string after = steps ? "after " + counted(*steps, "step") : "";
  if (!is_best) return after;
  return "at its best" + (after.empty() ? "" : ", " + after);
}

std::map<std::string, std::string> AgentOrigin::metadata() const {
  std::map<std::string, std::string> metadata;
  if (is_best) metadata["best"] = "true";
  if (steps) metadata["steps"] = std::to_string(*steps);
  return metadata;
}

SavedAgents read_agents(const SavedRun& run, Which which, std::optional<std::int64_t> only) {
  if (only) check_agent(run.config, *only);
  const PolicyFile file(run, which);
  std::vector<TrainedPolicy> policies = file.read();
  file.say_doubts();
  SavedAgents agents;
  for (std::size_t k = 0; k < policies.size(); ++k) {
    if (only && static_cast<std::int64_t>(k) != *only) continue;
    file.check(k, policies[k]);
    agents.policies.push_back(std::move(policies[k]));
    agents.origins.push_back(file.origin(k));
  }
  return agents;
}

std::vector<TrainedPolicy> read_policies(const SavedRun& run) {
  return read_agents(run, Which::last).policies;
}

TrainedPolicy read_agent(const SavedRun& run, std::int64_t agent) {
  return std::move(read_agents(run, Which::last, agent).policies.front());
}

void check_agent(const Config& config, std::int64_t agent) {
  if (agent < config.num_seeds) return;
  throw Failure(kWrongInput,
                "--agent " + std::to_string(agent) + ": the run has " +
                    (config.num_seeds == 1 ? std::string("one agent, 0")
                                           : "agents 0 to " + std::to_string(config.num_seeds - 1)));
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
