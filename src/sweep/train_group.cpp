#include "sweep/train_group.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "engine/evaluator.hpp"
#include "engine/parts/make_parts.hpp"
#include "engine/play_limit.hpp"
#include "engine/population.hpp"
#include "engine/ranks/ranks.hpp"
#include "system/cores.hpp"
#include "system/pci.hpp"

namespace ppo {
namespace {

Config group_config(std::span<const GroupMember> members) {
  Config config = *members.front().config;
  config.num_seeds = static_cast<std::int64_t>(members.size());
  return config;
}

Population population_of(std::span<const GroupMember> members) {
  Population population{.sizes = members.front().config->hyper, .agents = {}};
  for (const GroupMember& member : members) {
    Tuning tuning = member.config->hyper;
    tuning.seed = member.agent->seed;
    population.agents.push_back(tuning);
  }
  return population;
}

bool is_finite(const UpdateRow& row) {
  return row.fault.any == 0 && std::isfinite(row.return_sum) && std::isfinite(row.loss_policy) &&
         std::isfinite(row.loss_value) && std::isfinite(row.entropy) && std::isfinite(row.grad_norm);
}

class Group {
 public:
  Group(const GroupTask& task, SweepWatch& watch)
      : task_(task),
        watch_(watch),
        config_(group_config(task.members)),
        batch_(batch_size(config_.hyper)),
        engine_(make_engine(config_, population_of(task.members))),
        update_(task.members.front().agent->update),
        measured_at_(lacks_evaluation(task.plan, task.members.front()) ? -1 : update_) {
    watch.trains_on(engine_->info());
    for (std::size_t k = 0; k < task.members.size(); ++k) {
      const SweepAgent& agent = *task.members[k].agent;
      if (agent.state) engine_->load(static_cast<std::int64_t>(k), *agent.state);
    }
    if (!task.plan.evaluates()) return;
    const EngineInfo& info = engine_->info();
    const Level level =
        choose_level(*find_environment(config_.env), info.gpu.empty() ? info.simd : config_.run.simd);
    const std::int64_t episodes = config_.num_seeds * config_.evaluation.eval_episodes;
    const std::int64_t threads = config_.run.threads > 0 ? config_.run.threads : usable_cores();
    evaluator_.emplace(level.loops, config_.hyper, static_cast<int>(std::min(threads, episodes)));
  }

  bool train() {
    for (;;) {
      const bool is_measured = !is_measuring_due() || measure();
      const bool is_over = is_measured && (update_ >= task_.until || !any_trains());
      const bool is_due = watch_.is_due();
      if (is_over || is_due) keep_states();
      if (is_over) return true;
      if (is_due && !watch_.rest()) return false;
      if (is_measured) add(engine_->run(std::min(updates_until_pause(), engine_->batch())));
    }
  }

 private:
  SweepAgent& agent(std::size_t k) { return *task_.members[k].agent; }

  bool any_trains() const {
    return std::ranges::any_of(task_.members,
                               [](const GroupMember& member) { return !member.agent->has_diverged; });
  }

  /// Only an evaluation can have been given up, so that where one goes on it may still be due.
  bool is_measuring_due() const {
    if (measured_at_ == update_ || update_ == 0 || !any_trains()) return false;
    return is_evaluated(task_.plan, update_, batch_) || update_ == task_.until;
  }

  std::int64_t updates_until_pause() const {
    std::int64_t pause = update_ + 1;
    while (pause < task_.until && !is_evaluated(task_.plan, pause, batch_)) ++pause;
    return pause - update_;
  }

  /// Rows [updates][K].
  void add(std::span<const UpdateRow> rows) {
    const std::size_t K = task_.members.size();
    std::int64_t done = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      SweepAgent& one = agent(i % K);
      if (one.has_diverged) continue;
      if (!is_finite(rows[i])) {
        diverge(i % K);
        continue;
      }
      one.window.add(rows[i].episodes, rows[i].return_sum);
      ++one.update;
      ++done;
    }
    update_ += static_cast<std::int64_t>(rows.size() / K);
    watch_.trained(done * batch_);
  }

  void diverge(std::size_t k) {
    agent(k).has_diverged = true;
    agent(k).state.reset();
    engine_->retire(static_cast<std::int64_t>(k));
  }

  /// Adds a point to the curve of each, or to none and returns false, where all is to stop.
  bool measure() {
    std::vector<std::size_t> places;
    std::vector<TrainedPolicy> policies;
    for (std::size_t k = 0; k < task_.members.size(); ++k) {
      if (agent(k).has_diverged) continue;
      places.push_back(k);
      if (evaluator_) policies.push_back(engine_->policy(static_cast<std::int64_t>(k)));
    }
    std::vector<std::optional<double>> values;
    if (!evaluator_) {
      for (const std::size_t k : places) values.push_back(agent(k).window.mean_so_far());
    } else if (!evaluate(policies, values)) {
      return false;
    }
    measured_at_ = update_;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (values[i]) add_point(places[i], *values[i]);
    }
    return true;
  }

  bool evaluate(std::span<const TrainedPolicy> policies, std::vector<std::optional<double>>& returns) {
    const EvalOptions options{.seed = task_.eval_seed,
                              .episodes = config_.evaluation.eval_episodes,
                              .max_steps = play_limit(config_, std::nullopt),
                              .greedy = true};
    return evaluator_->play_in_parts(
        policies, options, [this](std::int64_t) { return !watch_.is_stopped(); },
        [&](const EpisodeStatistics& episodes) { returns.push_back(episodes.mean); });
  }

  void add_point(std::size_t k, double value) {
    if (!std::isfinite(value)) return diverge(k);
    agent(k).curve.push_back({update_ * batch_, value});
  }

  void keep_states() {
    for (std::size_t k = 0; k < task_.members.size(); ++k) {
      if (!agent(k).has_diverged) agent(k).state = engine_->save(static_cast<std::int64_t>(k));
    }
  }

  const GroupTask& task_;
  SweepWatch& watch_;
  const Config config_;
  const std::int64_t batch_;
  std::unique_ptr<Engine> engine_;
  std::optional<Evaluator> evaluator_;
  std::int64_t update_;       // of all that have not diverged
  std::int64_t measured_at_;  // the latest
};

}  // namespace

std::int64_t most_agents_at_once(const Config& config) {
  constexpr std::int64_t kOfThread = 131'072;  // steps: a third of a second of a slow core
  constexpr std::int64_t kOfCard = 33'554'432;
  const std::int64_t batch = batch_size(config.hyper);
  const bool may_use_card = has_cuda_engine() && (config.run.device.starts_with("cuda") ||
                                                  (config.run.device == "auto" && has_nvidia_card()));
  const std::int64_t teams = rank_count() / ranks_per_agent();
  if (may_use_card) {
    const auto cards = static_cast<std::int64_t>(cards_of(config.run.device).size());
    return teams * std::max(std::int64_t{1}, cards) * std::max(std::int64_t{1}, kOfCard / batch);
  }
  const std::int64_t threads = config.run.threads > 0 ? config.run.threads : usable_cores();
  return teams * threads * std::max(std::int64_t{1}, kOfThread / batch);
}

bool lacks_evaluation(const SweepPlan& plan, const GroupMember& member) {
  const SweepAgent& agent = *member.agent;
  if (!plan.evaluates() || agent.update == 0) return false;
  const std::int64_t steps = agent.update * batch_size(member.config->hyper);
  return agent.curve.empty() || agent.curve.back().steps != steps;
}

bool is_evaluated(const SweepPlan& plan, std::int64_t update, std::int64_t batch) {
  return update * batch / plan.eval_steps > (update - 1) * batch / plan.eval_steps;
}

bool train_group(const GroupTask& task, SweepWatch& watch) {
  return Group(task, watch).train();
}

}  // namespace ppo
