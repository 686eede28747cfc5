#include "training/evaluations.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/engine.hpp"
#include "engine/play_limit.hpp"
#include "run/policy.hpp"
#include "system/cores.hpp"
#include "system/stop_signals.hpp"

namespace ppo {
namespace {

/// Those of the CPU engine, or all that one would have.
int threads_for(const Config& config, const EngineInfo& engine) {
  const int usual = config.run.threads > 0 ? config.run.threads : usable_cores();
  const std::int64_t most = config.num_seeds * config.evaluation.eval_episodes;
  return static_cast<int>(std::min<std::int64_t>(engine.gpu.empty() ? engine.threads : usual, most));
}

}  // namespace

Evaluations::Evaluations(const Config& config, const EngineInfo& engine, Outcome& outcome,
                         std::vector<MetricsSink*> sinks, const RunFolder* folder)
    : config_(config),
      plan_(config.evaluation),
      outcome_(outcome),
      sinks_(std::move(sinks)),
      options_{.seed = kSeed,
               .episodes = plan_.eval_episodes,
               .max_steps = play_limit(config, std::nullopt),
               .greedy = plan_.eval_greedy},
      may_play_beside_(!engine.gpu.empty() && !plan_.stops_on_eval()),
      taken_at_(outcome.evaluated_at) {
  if (folder != nullptr) best_file_.emplace(*folder);
  if (!plan_.evaluates()) return;
  const Level level = choose_level(*find_environment(config.env), engine.gpu.empty() ? engine.simd : "auto");
  evaluator_.emplace(level.loops, config.hyper, threads_for(config, engine));
}

std::int64_t Evaluations::next(std::int64_t now) const {
  const std::int64_t every = plan_.stops_on_return_100() ? 1 : plan_.eval_every;
  const bool at_one = now % every == 0 && now > taken_at_;
  const std::int64_t next = at_one ? now : (now / every + 1) * every;
  return next < num_updates(config_.hyper) ? next : kNever;
}

void Evaluations::take(Engine& engine, std::int64_t update) {
  taken_at_ = update;
  const bool all_play =
      plan_.evaluates() && (update % plan_.eval_every == 0 || update == num_updates(config_.hyper));
  std::vector<std::int64_t> done = reached_in_training();
  if (all_play || !done.empty()) settle();
  if (plan_.evaluates()) {
    // Not beside training where agents are done: the checkpoint that says so must hold their last evaluation.
    evaluate(engine, update, all_play ? agents_in_training() : done, may_play_beside_ && done.empty());
  }
  if (has_given_up_) return;  // in the resumed run agents may be done here
  if (plan_.stops_on_eval() && update % plan_.eval_every == 0) done = reached_in_evaluation();
  for (const std::int64_t k : done) {
    outcome_.agents[static_cast<std::size_t>(k)].stop(update);
    engine.retire(k);
  }
}

void Evaluations::take_last(Engine& engine) {
  take(engine, outcome_.updates);
  settle();
}

std::vector<std::int64_t> Evaluations::agents_in_training() const {
  std::vector<std::int64_t> agents;
  for (std::size_t k = 0; k < outcome_.agents.size(); ++k) {
    if (!outcome_.agents[k].stopped_at()) agents.push_back(static_cast<std::int64_t>(k));
  }
  return agents;
}

std::vector<std::int64_t> Evaluations::reached_in_training() const {
  if (!plan_.stops_on_return_100()) return {};
  std::vector<std::int64_t> agents = agents_in_training();
  std::erase_if(agents, [&](std::int64_t k) {
    const std::optional<double> mean = outcome_.agents[static_cast<std::size_t>(k)].last().return_100;
    return !mean || !plan_.reaches(*mean);
  });
  return agents;
}

std::vector<std::int64_t> Evaluations::reached_in_evaluation() const {
  std::vector<std::int64_t> agents;
  for (std::size_t i = 0; i < latest_.agents.size(); ++i) {
    if (plan_.reaches(latest_.results[i].mean)) agents.push_back(latest_.agents[i]);
  }
  return agents;
}

void Evaluations::evaluate(const Engine& engine, std::int64_t update, const std::vector<std::int64_t>& agents,
                           bool in_background) {
  if (agents.empty()) return;
  if (StopSignals::received() != 0) {
    has_given_up_ = true;
    return;
  }
  latest_ = {.update = update, .agents = agents, .policies = {}, .results = {}};
  for (const std::int64_t k : agents) latest_.policies.push_back(engine.policy(k));
  may_give_up_ = !in_background;
  if (in_background) {
    try {
      playing_ = std::async(std::launch::async, [this] { return play(); });
      return;
    } catch (const std::system_error&) {  // there can be no more threads
      may_give_up_ = true;
    }
  }
  record(play());
}

bool Evaluations::play() {
  const auto goes_on = [this](std::int64_t) { return !may_give_up_ || StopSignals::received() == 0; };
  return evaluator_->play_in_parts(
      latest_.policies, options_, goes_on,
      [this](const EpisodeStatistics& episodes) { latest_.results.push_back(episodes); });
}

void Evaluations::settle() {
  if (!playing_.valid()) return;
  // Later updates, of which there may be a checkpoint, could not be followed by this evaluation.
  may_give_up_ = outcome_.updates == latest_.update;
  record(playing_.get());
}

void Evaluations::record(bool is_complete) {
  if (!is_complete) {
    latest_ = {};
    has_given_up_ = true;
    return;
  }
  std::vector<EvalRecord> records;
  bool is_improved = false;
  for (std::size_t i = 0; i < latest_.agents.size(); ++i) {
    const EpisodeStatistics& episodes = latest_.results[i];
    records.push_back(
        {latest_.agents[i], latest_.update, latest_.update * batch_size(config_.hyper), episodes});
    const auto agent = static_cast<std::size_t>(latest_.agents[i]);
    const EvalScore score{latest_.update, episodes.mean, episodes.std};
    outcome_.latest[agent] = score;
    std::optional<BestPolicy>& best = outcome_.best[agent];
    if (!is_better(score, best ? std::optional(best->score) : std::nullopt)) continue;
    best = {score, std::move(latest_.policies[i])};
    is_improved = true;
  }
  latest_.policies.clear();
  outcome_.evaluated_at = latest_.update;
  for (MetricsSink* sink : sinks_) sink->evaluated(records);
  if (!best_file_) return;
  best_file_->say_failure();
  if (!is_improved) return;
  std::string bytes = best_policy_file(config_, outcome_.best);
  if (!bytes.empty()) best_file_->replace(std::move(bytes));
}

void Evaluations::save_best() {
  if (!best_file_) return;
  best_file_->wait();
  if (!best_file_->failure()) return;
  best_file_->replace(best_policy_file(config_, outcome_.best));
  best_file_->wait();
}

std::optional<std::string> Evaluations::failure() const {
  return best_file_ ? best_file_->failure() : std::nullopt;
}

}  // namespace ppo
