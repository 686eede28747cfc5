#include "sweep/sweep.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "config/sweep/schedule.hpp"
#include "sweep/halving.hpp"
#include "sweep/population_based.hpp"
#include "sweep/score.hpp"

namespace ppo {
namespace {

// Of the episodes that evaluate: the confirmation is judged by others than those that chose what it confirms.
constexpr std::uint64_t kTrialEpisodes = 1;
constexpr std::uint64_t kConfirmingEpisodes = 2;

bool confirms(const SweepState& state) {
  return !state.confirmed.empty();
}

/// Whether both may be members of one group. After a stop within a rung some have trained on, and others not.
bool go_together(const SweepPlan& plan, const GroupMember& first, const GroupMember& second) {
  return static_cast<const Sizes&>(first.config->hyper) == static_cast<const Sizes&>(second.config->hyper) &&
         first.agent->update == second.agent->update &&
         lacks_evaluation(plan, first) == lacks_evaluation(plan, second);
}

/// All that train, in groups as large as may train at once, in the order of their first members.
std::vector<std::vector<GroupMember>> groups_in(const SweepPlan& plan, std::vector<Trial>& trials) {
  std::vector<std::vector<GroupMember>> groups;
  std::vector<std::size_t> open;  // those with room for more
  for (Trial& trial : trials) {
    if (!trial.trains()) continue;
    const auto most = static_cast<std::size_t>(most_agents_at_once(trial.config));
    for (SweepAgent& agent : trial.agents) {
      if (agent.has_diverged) continue;
      const GroupMember member{&trial.config, &agent};
      auto place = std::ranges::find_if(
          open, [&](std::size_t group) { return go_together(plan, groups[group].front(), member); });
      if (place == open.end()) {
        place = open.insert(place, groups.size());
        groups.emplace_back();
      }
      groups[*place].push_back(member);
      if (groups[*place].size() >= most) open.erase(place);
    }
  }
  return groups;
}

/// Returns false where it has been stopped before.
bool train_to(const SweepPlan& plan, std::int64_t steps, std::uint64_t eval_seed, std::vector<Trial>& trials,
              SweepWatch& watch) {
  for (const std::vector<GroupMember>& members : groups_in(plan, trials)) {
    const std::int64_t until = update_after(members.front().config->hyper, steps);
    if (members.front().agent->update >= until && !lacks_evaluation(plan, members.front())) continue;
    if (!train_group({plan, members, until, eval_seed}, watch)) return false;
    if (watch.is_due() && !watch.rest()) return false;
  }
  return true;
}

void drop_states(Trial& trial) {
  for (SweepAgent& agent : trial.agents) agent.state.reset();
}

/// What every trial in training has passed.
void pass(std::vector<Trial>& trials, bool may_be_revived) {
  for (Trial& trial : trials) {
    if (!trial.trains()) continue;
    ++trial.rungs;
    const bool none_is_left = std::ranges::all_of(trial.agents, &SweepAgent::has_diverged);
    if (none_is_left && !may_be_revived) trial.state = Trial::State::diverged;
  }
}

void finish(std::vector<Trial>& trials) {
  for (Trial& trial : trials) {
    if (trial.trains()) trial.state = Trial::State::finished;
    drop_states(trial);
  }
}

/// Trials with the same values, now and before, would be confirmed with the same bytes.
void drop_equals(const SweepConfig& sweep, const std::vector<Trial>& trials,
                 std::vector<std::size_t>& places) {
  using Values = std::pair<std::vector<std::string>, std::vector<ScheduleLine>>;
  std::set<Values> known;
  std::erase_if(places, [&](std::size_t place) {
    const Trial& trial = trials[place];
    return !known.insert({value_texts(trial.config, sweep.plan.space), trial.schedule}).second;
  });
}

/// The best, and trial 0 to compare them with.
std::vector<Trial> to_confirm(const SweepConfig& sweep, const std::vector<Trial>& trials) {
  std::vector<std::size_t> best = ranked(sweep.plan, target_of(sweep), trials, finished(trials));
  drop_equals(sweep, trials, best);
  best.resize(std::min(best.size(), static_cast<std::size_t>(sweep.plan.confirm_trials)));
  if (std::ranges::count(best, std::size_t{0}) == 0) best.push_back(0);
  const std::uint64_t first =
      sweep.config.hyper.seed + static_cast<std::uint64_t>(sweep.plan.seeds_per_trial);
  std::vector<Trial> anew;
  for (const std::size_t place : best) {
    anew.push_back(with_seeds(trials[place], first, sweep.plan.confirm_seeds));
    if (sweep.plan.copies()) {
      anew.back().config = scheduled_config(sweep, trials[place].schedule, 0);
    }
  }
  return anew;
}

void end_rung(const SweepConfig& sweep, std::int64_t steps, SweepState& state) {
  const bool is_last = state.rung + 1 == static_cast<std::int64_t>(rungs_at(sweep, state).size());
  std::vector<Trial>& trials = confirms(state) ? state.confirmed : state.trials;
  pass(trials, sweep.plan.copies() && !confirms(state) && !is_last);
  ++state.rung;
  if (is_last) {
    finish(trials);
    if (confirms(state)) return;
    state.confirmed = to_confirm(sweep, trials);
    state.rung = 0;
  } else if (confirms(state)) {
    for (Trial& trial : trials) trial.config = scheduled_config(sweep, trial.schedule, steps);
  } else if (sweep.plan.halves()) {
    halve(sweep, target_of(sweep), steps, trials);
    for (Trial& trial : trials) {
      if (!trial.trains()) drop_states(trial);
    }
  } else if (sweep.plan.copies()) {
    const std::int64_t since = state.rung > 1 ? rungs_of(sweep)[static_cast<std::size_t>(state.rung) - 2] : 0;
    exploit_and_explore(sweep, state.rung, since, steps, trials);
  }
}

}  // namespace

std::vector<std::int64_t> rungs_of(const SweepConfig& sweep) {
  const std::int64_t end = sweep.config.hyper.total_timesteps;
  std::vector<std::int64_t> rungs;
  if (sweep.plan.halves() || sweep.plan.copies()) {
    const std::int64_t grace = sweep.plan.grace_steps;
    for (std::int64_t steps = grace; steps < end; steps += sweep.plan.halves() ? steps : grace) {
      rungs.push_back(steps);
    }
  }
  rungs.push_back(end);
  return rungs;
}

std::vector<std::int64_t> rungs_at(const SweepConfig& sweep, const SweepState& state) {
  const std::vector<std::int64_t> rungs = rungs_of(sweep);
  if (!confirms(state) || sweep.plan.copies()) return rungs;
  return {rungs.back()};
}

std::int64_t update_after(const Sizes& sizes, std::int64_t steps) {
  return std::min(updates_for(sizes, steps), num_updates(sizes));
}

SweepState first_state(const SweepConfig& sweep) {
  check_metric(sweep);
  return {.trials = make_trials(sweep), .confirmed = {}, .rung = 0};
}

bool is_complete(const SweepConfig& sweep, const SweepState& state) {
  return confirms(state) && state.rung == static_cast<std::int64_t>(rungs_at(sweep, state).size());
}

bool advance(const SweepConfig& sweep, SweepState& state, RungWatch& watch) {
  while (!is_complete(sweep, state)) {
    const std::int64_t steps = rungs_at(sweep, state)[static_cast<std::size_t>(state.rung)];
    const std::uint64_t episodes = confirms(state) ? kConfirmingEpisodes : kTrialEpisodes;
    std::vector<Trial>& trials = confirms(state) ? state.confirmed : state.trials;
    if (!train_to(sweep.plan, steps, episodes, trials, watch)) return false;
    end_rung(sweep, steps, state);
    if (!watch.passed() && !is_complete(sweep, state)) return false;
  }
  return true;
}

}  // namespace ppo
