#include "training/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"
#include "training/agents_text.hpp"

namespace ppo {
namespace {

class Summary {
 public:
  Summary(const Config& config, const Outcome& outcome, const Style& style)
      : config_(config),
        environment_(find_environment(config.env)->info()),
        outcome_(outcome),
        style_(style) {}

  void add_end() {
    const double rate = outcome_.wall_s > 0 ? static_cast<double>(outcome_.steps) / outcome_.wall_s : 0;
    std::string done = grouped(outcome_.steps) + fmt::format(" steps in {:.2f} s, ", outcome_.wall_s);
    done += style_.bold(grouped(static_cast<std::int64_t>(rate))) + " steps/s";
    if (outcome_.stopped_by) done += ", stopped by " + *outcome_.stopped_by;
    add(outcome_.stopped_by ? style_.caution("ended") : style_.dim("done"), done);
  }

  void add_one() {
    const AgentProgress& agent = outcome_.agents.front();
    if (config_.evaluation.stops()) add_stop_of_one(agent);
    const std::optional<double> return_100 = agent.last().return_100;
    add("return",
        (return_100 ? style_.bold(fmt::format("{:.2f}", *return_100)) + " over the latest 100 episodes"
                    : "fewer than 100 episodes have ended") +
            "; " + verdict(agent));
    if (config_.evaluation.evaluates()) add_best_of_one(outcome_.best.front());
    if (latest_is_worse(0)) add("eval", text_of(*outcome_.latest.front()));
    add("hash",
        outcome_.param_hashes.front() + fmt::format(" (parameters, numerics version {})", kNumericsVersion));
  }

  void add_several() {
    std::vector<double> returns;
    std::size_t solved = 0;
    for (const AgentProgress& agent : outcome_.agents) {
      if (agent.last().return_100) returns.push_back(*agent.last().return_100);
      solved += agent.solved_at_step() ? 1 : 0;
    }
    if (config_.evaluation.stops()) add_stops_of_several();
    add("return", style_.bold(agents_text(returns, outcome_.agents.size())) +
                      " over the latest 100 episodes (median, min and max of the agents)");
    const std::string by = fmt::format("by {} of {} agents", solved, outcome_.agents.size());
    add("solved", solved > 0 ? style_.good(by) : by);
    if (config_.evaluation.evaluates()) add_best_of_several();
    add_latest_of_several();
    add("hash", outcome_.param_hashes.front() + " (parameters of the first agent; run.json has all)");
  }

  void add_folder(const std::filesystem::path& folder, bool has_checkpoint) {
    add("saved", printable(folder.native()));
    lines.back().is_whole = true;
    if (!outcome_.stopped_by || !has_checkpoint) return;
    add("resume", resume_command(folder));
    lines.back().is_whole = true;
  }

  /// Of a run without the time limit that its task has.
  void add_never_solved() {
    const bool any_solved = std::ranges::any_of(
        outcome_.agents, [](const AgentProgress& agent) { return agent.solved_at_step().has_value(); });
    if (any_solved || environment_.time_limit == 0 || config_.hyper.max_episode_steps != 0) return;
    if (config_.env == "cartpole") {
      add(style_.caution("note"),
          "without a time limit this is the reference's CartPole, which learns but is never \"solved\";");
      add(std::string(),
          "`" + program_name() + " --config cartpole-v1` has the 500-step limit and solves it");
    } else {
      add(style_.caution("note"), fmt::format("without a time limit {} is never \"solved\";", config_.env));
      add(std::string(),
          fmt::format("the limit of its task is --max-episode-steps {}", environment_.time_limit));
    }
  }

  std::vector<SummaryLine> lines;

 private:
  void add(const std::string& label, const std::string& text) { lines.push_back({label, text}); }
  void add(const char* label, const std::string& text) { add(style_.dim(label), text); }

  /// "solved at step 98,304", or why one cannot say so.
  std::string verdict(const AgentProgress& agent) const {
    if (agent.solved_at_step()) return style_.good("solved at step " + grouped(*agent.solved_at_step()));
    if (config_.hyper.max_episode_steps != environment_.time_limit)
      return environment_.time_limit == 0
                 ? std::string("\"solved\" is defined only without a time limit")
                 : fmt::format("\"solved\" is defined only with max_episode_steps = {}",
                               environment_.time_limit);
    return fmt::format("not solved (needs {:.4g})", environment_.solved_return);
  }

  /// "the evaluation reached 475": whose return that is, and how it did.
  std::string reached(const char* of_eval, const char* of_training) const {
    const EvaluationPlan& plan = config_.evaluation;
    return fmt::format("{} reached {:.6g}", plan.stops_on_eval() ? of_eval : of_training,
                       plan.stop_at_return);
  }

  void add_stop_of_one(const AgentProgress& agent) {
    if (const std::optional<std::int64_t> update = agent.stopped_at()) {
      add("stopped",
          style_.good("at update " + grouped(*update)) + ": " + reached("the evaluation", "return_100"));
    } else if (reached_too_late()) {
      add("stopped", "never: " + reached("only the evaluation after the last update", ""));
    } else if (!outcome_.stopped_by) {
      add("stopped", "at its end: " + reached("no evaluation", "return_100 never"));
    }
  }

  /// The evaluation after the last update, which may stop no agent, is the only one that was good enough.
  bool reached_too_late() const {
    const EvaluationPlan& plan = config_.evaluation;
    return plan.stops_on_eval() && std::ranges::any_of(outcome_.best, [&](const auto& best) {
             return best && plan.reaches(best->score.return_mean);
           });
  }

  void add_stops_of_several() {
    std::vector<std::int64_t> updates;
    for (const AgentProgress& agent : outcome_.agents) {
      if (agent.stopped_at()) updates.push_back(*agent.stopped_at());
    }
    const std::string count = fmt::format("{} of {} agents", updates.size(), outcome_.agents.size());
    if (updates.empty()) {
      add("stopped",
          count + ": " +
              reached(reached_too_late() ? "only the evaluation after the last update" : "no evaluation",
                      "no return_100"));
      return;
    }
    const auto [first, last] = std::ranges::minmax(updates);
    add("stopped", style_.good(count) +
                       (first == last ? ", at update " + grouped(first)
                                      : ", at updates " + grouped(first) + " to " + grouped(last)) +
                       ": " + reached("the evaluation", "return_100"));
  }

  /// How the episodes of evaluations are played.
  const char* manner() const { return config_.evaluation.eval_greedy ? "greedy" : "sampled"; }

  void add_best_of_one(const std::optional<BestPolicy>& best) {
    if (!best) {
      add("best", "none yet");
      return;
    }
    add("best", text_of(best->score));
  }

  std::string text_of(const EvalScore& score) const {
    const std::string number = std::isfinite(score.return_mean)
                                   ? style_.bold(fmt::format("{:.2f}", score.return_mean)) +
                                         fmt::format(" +- {:.2f}", score.return_std)
                                   : "no finite return,";
    return number + fmt::format(" {} at update {} ({} steps)", manner(), grouped(score.update),
                                grouped(score.update * batch_size(config_.hyper)));
  }

  void add_best_of_several() {
    std::vector<double> returns;
    for (const std::optional<BestPolicy>& best : outcome_.best) {
      if (best) returns.push_back(best->score.return_mean);
    }
    add("best", returns.empty() ? "none yet" : text_of_several(std::move(returns), "the agents"));
  }

  void add_latest_of_several() {
    std::vector<double> returns;
    bool differs = false;
    for (std::size_t k = 0; k < outcome_.latest.size(); ++k) {
      const std::optional<EvalScore>& latest = outcome_.latest[k];
      if (latest && std::isfinite(latest->return_mean)) returns.push_back(latest->return_mean);
      differs = differs || latest_is_worse(k);
    }
    if (differs) add("eval", text_of_several(std::move(returns), "the agents' last"));
  }

  std::string text_of_several(std::vector<double> returns, const char* whose) const {
    return style_.bold(agents_text(std::move(returns), outcome_.agents.size())) +
           fmt::format(" {} (median, min and max of {})", manner(), whose);
  }

  /// Whether the agent's last evaluation was not as good as its best one.
  bool latest_is_worse(std::size_t agent) const {
    const std::optional<EvalScore>& latest = outcome_.latest[agent];
    const std::optional<BestPolicy>& best = outcome_.best[agent];
    return latest && (!best || is_better(best->score, *latest) || !std::isfinite(latest->return_mean));
  }

  const Config& config_;
  const EnvironmentInfo& environment_;
  const Outcome& outcome_;
  const Style& style_;
};

}  // namespace

std::vector<SummaryLine> summary_of(const Config& config, const Outcome& outcome,
                                    const std::optional<std::filesystem::path>& folder, bool has_checkpoint,
                                    const Style& style) {
  Summary summary(config, outcome, style);
  summary.add_end();
  if (outcome.agents.size() == 1) {
    summary.add_one();
  } else {
    summary.add_several();
  }
  if (folder) summary.add_folder(*folder, has_checkpoint);
  summary.add_never_solved();
  return std::move(summary.lines);
}

}  // namespace ppo
