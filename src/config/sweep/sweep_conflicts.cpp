// What several keys of a sweep together must not be.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "config/environment_names.hpp"
#include "config/sweep/space.hpp"
#include "config/sweep/sweep_settings.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// Such a key, and what to do about it.
struct TrainingKey {
  std::string_view key;
  std::string_view sweep;  // "a sweep, which ..."
  std::string_view advice;
};

constexpr TrainingKey kTrainingKeys[] = {
    {"num_seeds", "which has a number of seeds for each trial",
     "write seeds_per_trial instead, a key of [sweep]"},
    {"init_from", "whose trials start from random parameters", "leave it out"},
    {"init_from_hash", "whose trials start from random parameters", "leave it out"},
    {"eval_every", "which evaluates all trials after the same numbers of steps",
     "write eval_steps instead, a key of [sweep]"},
    {"eval_greedy", "whose evaluations are greedy", "leave it out"},
    {"stop_at_return", "which compares trials over their whole length",
     "write target_return instead, a key of [sweep]"},
    {"stop_on", "which compares trials over their whole length", "leave it out"},
};

std::string text(std::int64_t number) {
  return std::to_string(number);
}

std::int32_t largest(const Dimension& dimension) {
  if (!dimension.is_list()) return static_cast<std::int32_t>(dimension.max);
  std::int64_t most = 0;
  for (const Value& value : dimension.values) most = std::max(most, std::get<std::int64_t>(value));
  return static_cast<std::int32_t>(most);
}

/// The largest batch of all trials.
struct LargestBatch {
  Sizes sizes;
  std::vector<const Dimension*> swept;  // whose values make it; none: it is that of trial 0

  std::string name() const {
    return (swept.empty() ? "the batch of " : "the space's largest batch of ") + batch_text(sizes);
  }

  /// "smaller values of num_envs in [sweep.space]"
  std::string smaller() const {
    if (swept.empty()) return "a smaller num_envs or num_steps";
    std::vector<std::string> keys;
    for (const Dimension* dimension : swept) keys.emplace_back(dimension->option->key);
    return "smaller values of " + join_or(keys) + " in [sweep.space]";
  }
};

/// Trial 0 has the config's own, which need not lie in the space.
LargestBatch largest_batch(const Config& config, const std::vector<Dimension>& space) {
  const Sizes& own = config.hyper;
  LargestBatch most{own, {}};
  for (const Dimension& dimension : space) {
    const std::string_view key = dimension.option->key;
    if (key != "num_envs" && key != "num_steps") continue;
    std::int32_t& size = key == "num_envs" ? most.sizes.num_envs : most.sizes.num_steps;
    if (largest(dimension) > size) most.swept.push_back(&dimension);
    size = largest(dimension);
  }
  return batch_size(most.sizes) > batch_size(own) ? most : LargestBatch{own, {}};
}

/// "grace_steps = a number from 8192 to 499999"
std::string grace_between(std::int64_t least, std::int64_t most) {
  return "grace_steps = " +
         (least == most ? text(least) : "a number from " + text(least) + " to " + text(most));
}

/// The first on a tie.
const Origin& more_explicit(const Origin& first, const Origin& second) {
  return second.kind > first.kind ? second : first;
}

}  // namespace

std::vector<std::string_view> keys_of_training() {
  std::vector<std::string_view> keys;
  for (const TrainingKey& key : kTrainingKeys) keys.push_back(key.key);
  return keys;
}

/// A file may say them with their defaults: a saved config says all keys.
void SweepSettings::check_keys_of_training() const {
  for (const TrainingKey& key : kTrainingKeys) {
    const Option& option = *find_option(key.key);
    if (value_text(config.unchecked(), option) == value_text(Config{}, option)) continue;
    throw Misfit(config.origin({key.key}),
                 std::string(key.key) + " does not go with a sweep, " + std::string(key.sweep),
                 std::string(key.advice));
  }
}

/// Of a key that may be swept, but does nothing.
void SweepSettings::check_actions() const {
  const std::string& env = config.unchecked().env;
  if (!has_discrete_actions(env)) return;
  for (const Dimension& dimension : plan_.space) {
    if (dimension.option->key != "log_std_init") continue;
    throw Misfit({Origin::kFile, dimension.where},
                 "log_std_init does nothing for " + env + ", which has discrete actions", "leave it out");
  }
}

/// In the file it may stay where a flag says another metric.
void SweepSettings::check_target() const {
  if (plan_.counts_steps() || plan_.target_return == SweepPlan::kOwnTarget) return;
  const Origin target = origin({"target_return"});
  if (target.kind < origin({"metric"}).kind) return;
  throw Misfit(target, "target_return does nothing for metric \"" + plan_.metric + "\"",
               "leave it out, or write metric = \"steps_to_greedy\"");
}

void SweepSettings::check_seeds() const {
  const auto last = static_cast<std::uint64_t>(kLastSeed);
  const auto seeds = static_cast<std::uint64_t>(plan_.seeds_per_trial + plan_.confirm_seeds);
  const std::uint64_t seed = config.unchecked().hyper.seed;
  if (seed <= last - (seeds - 1)) return;
  throw Misfit(origin({"seeds_per_trial", "confirm_seeds"}, {"seed"}),
               "seed " + std::to_string(seed) + " leaves no room for seeds_per_trial " +
                   text(plan_.seeds_per_trial) + " and confirm_seeds " + text(plan_.confirm_seeds),
               "write seed = " + std::to_string(last - (seeds - 1)) + " or less");
}

/// The default of confirm_trials gives way.
void SweepSettings::check_trials() const {
  if (plan_.confirm_trials <= plan_.trials || !origins_.contains("confirm_trials")) return;
  throw Misfit(origin({"confirm_trials", "trials"}),
               "confirm_trials " + text(plan_.confirm_trials) + " is more than there are, trials " +
                   text(plan_.trials),
               "write confirm_trials = " + text(plan_.trials) + " or less");
}

/// Between the largest batch and the end there must be room for a rung.
void SweepSettings::check_grace() const {
  const std::int64_t total = config.unchecked().hyper.total_timesteps;
  const LargestBatch largest = largest_batch(config.unchecked(), plan_.space);
  const std::int64_t batch = batch_size(largest.sizes);
  const Origin its_origin = largest.swept.empty() ? config.origin({"num_envs", "num_steps"})
                                                  : Origin{Origin::kFile, largest.swept.front()->where};
  const std::string of_total = " is not below total_timesteps " + text(total) + ", so no trial would be " +
                               (plan_.halves() ? "cut" : "copied");
  if (batch >= total) {
    throw Misfit(more_explicit(its_origin, origin({}, {"total_timesteps"})), largest.name() + of_total,
                 "write " + largest.smaller() + ", a larger total_timesteps, or method = \"random\"");
  }
  if (plan_.grace_steps >= total) {
    throw Misfit(origin({"grace_steps"}, {"total_timesteps"}),
                 "grace_steps " + text(plan_.grace_steps) + of_total,
                 "write " + grace_between(batch, total - 1) + ", or method = \"random\"");
  }
  if (plan_.grace_steps < batch) {
    throw Misfit(more_explicit(origin({"grace_steps"}), its_origin),
                 "grace_steps " + text(plan_.grace_steps) + " is less than " + largest.name() +
                     ", so trials would be compared before they have trained",
                 "write " + grace_between(batch, total - 1) + ", or " + largest.smaller());
  }
}

void SweepSettings::check_evaluations() const {
  const std::int64_t total = config.unchecked().hyper.total_timesteps;
  if (!plan_.evaluates() || plan_.eval_steps <= total) return;
  throw Misfit(origin({"eval_steps"}, {"total_timesteps"}),
               "eval_steps " + text(plan_.eval_steps) + " is more than total_timesteps " + text(total) +
                   ", so there would be no evaluation",
               "write eval_steps = " + text(total) + " or less");
}

void SweepSettings::check_method() const {
  constexpr std::int64_t kQuarters = 4;
  if (!plan_.copies()) return;
  if (plan_.trials < kQuarters) {
    throw Misfit(
        origin({"trials", "method"}),
        "method \"pbt\" lets the worst quarter copy from the best, and trials is " + text(plan_.trials),
        "write trials = 4 or more");
  }
  for (const Dimension& dimension : plan_.space) {
    if (sweepable(*dimension.option) != Sweepable::shape) continue;
    throw Misfit(
        {Origin::kFile, dimension.where},
        "method \"pbt\" copies parameters between trials, so all must have the same " +
            std::string(dimension.option->key),
        "write method = \"halving\", or set " + std::string(dimension.option->key) + " above [sweep]");
  }
}

}  // namespace ppo
