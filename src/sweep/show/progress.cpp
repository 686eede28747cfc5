#include "sweep/show/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "system/text.hpp"

namespace ppo {
namespace {

std::int64_t steps_of(const std::vector<Trial>& trials) {
  std::int64_t steps = 0;
  for (const Trial& trial : trials) {
    for (const SweepAgent& agent : trial.agents) steps += agent.update * batch_size(trial.config.hyper);
  }
  return steps;
}

/// Until all that train now have come to that rung.
std::int64_t steps_until(const std::vector<Trial>& trials, std::int64_t rung) {
  std::int64_t steps = 0;
  for (const Trial& trial : trials) {
    if (!trial.trains()) continue;
    for (const SweepAgent& agent : trial.agents) {
      if (agent.has_diverged) continue;
      const std::int64_t done = agent.update * batch_size(trial.config.hyper);
      steps += std::max(rung - done, std::int64_t{0});
    }
  }
  return steps;
}

std::int64_t count(const std::vector<Trial>& trials, Trial::State state) {
  return std::ranges::count(trials, state, &Trial::state);
}

/// Of the rungs behind the next one: half of the trials are cut at each, of which an eighth train on.
std::int64_t steps_of_later_rungs(const SweepConfig& sweep, const SweepState& state) {
  const std::vector<std::int64_t> rungs = rungs_of(sweep);
  auto training = static_cast<double>(count(state.trials, Trial::State::training));
  auto control = static_cast<double>(count(state.trials, Trial::State::control));
  double steps = 0;
  for (auto rung = static_cast<std::size_t>(state.rung) + 1; rung < rungs.size(); ++rung) {
    if (sweep.plan.halves()) {
      control += training / 16;
      training /= 2;
    }
    steps += (training + control) * static_cast<double>(rungs[rung] - rungs[rung - 1]);
  }
  return static_cast<std::int64_t>(steps * static_cast<double>(sweep.plan.seeds_per_trial));
}

}  // namespace

std::int64_t steps_done(const SweepState& state) {
  return steps_of(state.trials) + steps_of(state.confirmed);
}

SweepProgress progress_of(const SweepConfig& sweep, const SweepState& state) {
  const std::vector<std::int64_t> rungs = rungs_of(sweep);
  SweepProgress progress{.what = {}, .done = steps_done(state), .left = 0};
  if (!state.confirmed.empty()) {
    progress.left = steps_until(state.confirmed, rungs.back());
    progress.what = fmt::format("confirming {} with {}",
                                counted(static_cast<std::int64_t>(state.confirmed.size()), "trial"),
                                counted(sweep.plan.confirm_seeds, "new seed"));
    return progress;
  }
  const auto rung = static_cast<std::size_t>(state.rung);
  const std::int64_t confirming = (sweep.plan.confirm_trials + 1) * sweep.plan.confirm_seeds;
  progress.left =
      steps_until(state.trials, rungs[rung]) + steps_of_later_rungs(sweep, state) + confirming * rungs.back();
  const std::int64_t training =
      count(state.trials, Trial::State::training) + count(state.trials, Trial::State::control);
  progress.what = counted(training, "trial");
  if (rungs.size() > 1)
    progress.what = fmt::format("rung {} of {}, {}", rung + 1, rungs.size(), progress.what);
  return progress;
}

}  // namespace ppo
