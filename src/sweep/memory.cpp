#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/engine.hpp"
#include "engine/ranks/ranks.hpp"
#include "sweep/conduct.hpp"
#include "system/errors.hpp"
#include "system/memory.hpp"

namespace ppo {
namespace {

/// Agents of equal sizes, and the memory that each of them takes [bytes].
struct Group {
  Sizes sizes;
  double agents;
  double at_once;
  double engine;  // while it trains
  double state;   // always, and once more in a file that is being written
};

class Memory {
 public:
  explicit Memory(const Config& config)
      : environment_(find_environment(config.env)->info()),
        loops_(choose_level(*find_environment(config.env), config.run.simd).loops),
        is_on_host_(!config.run.device.starts_with("cuda")) {}

  void add(const Config& config, std::int64_t agents) {
    const Sizes& sizes = config.hyper;
    auto group = std::ranges::find(groups_, sizes, &Group::sizes);
    if (group == groups_.end()) {
      const double engine = is_on_host_ ? static_cast<double>(loops_.agent_bytes(sizes)) : 0;
      group = groups_.insert(group, {sizes, 0, static_cast<double>(most_agents_at_once(config)), engine,
                                     state_bytes(AgentState(environment_, sizes))});
    }
    group->agents += static_cast<double>(agents);
  }

  /// What an agent of an added config takes [bytes].
  double of_one(const Config& config) {
    add(config, 0);
    const Sizes& sizes = config.hyper;
    const Group& group = *std::ranges::find(groups_, sizes, &Group::sizes);
    return group.engine + 2 * group.state;
  }

  /// [bytes]
  double needed() const {
    double engine = 0;
    double states = 0;
    for (const Group& group : groups_) {
      engine = std::max(engine, std::min(group.agents, group.at_once) * group.engine);
      states += group.agents * (sizeof(SweepAgent) + 2 * group.state);
    }
    return engine * share_of_host() + states;
  }

 private:
  /// What this host has of the agents that train at once: ranks of a team hold the same ones.
  static double share_of_host() {
    return static_cast<double>(rank_place().local_ranks()) * ranks_per_agent() / rank_count();
  }

  static double state_bytes(const AgentState& state) {
    const std::size_t slots = state.slot_length.size();
    return static_cast<double>(3 * state.params.size() * sizeof(float) + state.slot_state.size() +
                               slots * (sizeof(std::int32_t) + 2 * sizeof(double)) +
                               state.moments.size() * sizeof(Moments<double>));
  }

  const EnvironmentInfo& environment_;
  const EnvironmentLoops& loops_;
  bool is_on_host_;
  std::vector<Group> groups_;
};

[[noreturn]] void refuse(const std::string& where, const std::string& what, double needed,
                         const std::string& advice) {
  throw Failure(kWrongInput, fmt::format("{}{} need {} of memory and {} are available; {}",
                                         where.empty() ? "" : where + ": ", what, needed_text(needed),
                                         available_text(available_memory()), advice));
}

}  // namespace

void check_memory(const SweepConfig& sweep) {
  const SweepPlan& plan = sweep.plan;
  Memory trials(sweep.config);
  Config largest = sweep.config;  // which may be the best
  for (std::int64_t number = 0; number < plan.trials; ++number) {
    const Config config = config_of_trial(sweep, number);
    trials.add(config, plan.seeds_per_trial);
    if (trials.of_one(config) > trials.of_one(largest)) largest = config;
  }
  const auto available = static_cast<double>(available_memory());
  if (trials.needed() > available) {
    const double most = static_cast<double>(plan.trials) * available / trials.needed();
    refuse(sweep.trials_at, fmt::format("{} trials with {} seeds", plan.trials, plan.seeds_per_trial),
           trials.needed(),
           fmt::format("write trials = {} or less, or a smaller seeds_per_trial",
                       std::max(static_cast<std::int64_t>(most), std::int64_t{2})));
  }
  const std::int64_t confirmed = std::min(plan.confirm_trials + 1, plan.trials);  // trial 0, too
  Memory confirmation(sweep.config);
  confirmation.add(largest, confirmed * plan.confirm_seeds);
  if (confirmation.needed() > available) {
    refuse(sweep.confirm_at, fmt::format("{} trials confirmed with {} seeds", confirmed, plan.confirm_seeds),
           confirmation.needed(), "write smaller confirm_trials or confirm_seeds");
  }
}

}  // namespace ppo
