#include "run/saved/saved_agents.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "run/checkpoint_files.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"
#include "run/run_json_reader.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

/// One of a run's files of policies, and what run.json says of it.
class PolicyFile {
 public:
  PolicyFile(const SavedRun& run, PolicyKind kind)
      : run_(run),
        is_best_(kind == PolicyKind::best),
        file_(run.folder / (is_best_ ? kBestFile : kPolicyFile)) {
    try {
      ending_ = read_run_json(run.folder / "run.json", run.config.num_seeds);
    } catch (const Failure& failure) {
      problem_ = failure.what();
    }
  }

  std::vector<TrainedPolicy> read() const {
    if (is_best_ && !has_best()) {
      throw Failure(kWrongInput, printable(run_.folder.native()) + " has no best agent" + why_no_best() +
                                     "; leave out --best for the final agent");
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
    if (ending_) return ending_->all_have_best();
    std::error_code error;
    return std::filesystem::status(file_, error).type() != std::filesystem::file_type::not_found;
  }

  std::string why_no_best() const {
    const Config& config = run_.config;
    if (!config.evaluation.evaluates()) {
      return ": only a run with eval_every above 0 has one, from its first evaluation on";
    }
    const std::int64_t first = std::min(config.evaluation.eval_every, num_updates(config.hyper));
    for (std::size_t k = 0; ending_ && k < ending_->best.size(); ++k) {
      const bool is_evaluated =
          ending_->updates > first || (ending_->updates == first && !ending_->diverged());
      const bool is_stopped = !ending_->stopped_at.empty() && ending_->stopped_at[k];
      if (ending_->best[k] || !(is_evaluated || is_stopped)) continue;
      return ": none of the evaluations of agent " + std::to_string(k) + " has a finite return";
    }
    return " yet: each agent needs an evaluation with a finite return, and the first comes after update " +
           std::to_string(first);
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

SavedAgents read_agents(const SavedRun& run, PolicyKind kind, std::optional<std::int64_t> only) {
  if (only) check_agent(run.config, *only);
  const PolicyFile file(run, kind);
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
  return read_agents(run, PolicyKind::last).policies;
}

TrainedPolicy read_agent(const SavedRun& run, std::int64_t agent) {
  return std::move(read_agents(run, PolicyKind::last, agent).policies.front());
}

void check_agent(const Config& config, std::int64_t agent) {
  if (agent < config.num_seeds) return;
  throw Failure(kWrongInput,
                "--agent " + std::to_string(agent) + ": the run has " +
                    (config.num_seeds == 1 ? std::string("one agent, 0")
                                           : "agents 0 to " + std::to_string(config.num_seeds - 1)));
}

}  // namespace ppo
