#include "config/sweep/sweep_settings.hpp"

#include <cstdint>
#include <utility>

#include "config/sweep/space.hpp"
#include "config/sweep/sweep_writer.hpp"
#include "config/sweep/trial_config.hpp"
#include "config/toml_document.hpp"
#include "system/errors.hpp"

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

/// The largest number that the key can have.
std::int64_t largest(const Config& config, const std::vector<Dimension>& space, std::string_view key) {
  for (const Dimension& dimension : space) {
    if (dimension.option->key != key) continue;
    std::int64_t most = dimension.is_list() ? 0 : static_cast<std::int64_t>(dimension.max);
    for (const Value& value : dimension.values) most = std::max(most, std::get<std::int64_t>(value));
    return most;
  }
  return std::get<std::int64_t>(value_in(config, *find_option(key)));
}

std::int64_t largest_batch(const Config& config, const std::vector<Dimension>& space) {
  return largest(config, space, "num_envs") * largest(config, space, "num_steps");
}

}  // namespace

std::vector<std::string_view> keys_of_training() {
  std::vector<std::string_view> keys;
  for (const TrainingKey& key : kTrainingKeys) keys.push_back(key.key);
  return keys;
}

void SweepSettings::set(const SweepOption& option, const Value& value, const Origin& origin) {
  if (!store(option, value, plan_)) {
    throw Failure(kWrongInput,
                  refusal_at(origin, option.key, option.domain, value, value_text(SweepPlan{}, option)));
  }
  origins_[option.key] = origin;
}

void SweepSettings::add(Dimension dimension) {
  plan_.space.push_back(std::move(dimension));
}

SweepConfig SweepSettings::checked() const {
  check_keys_of_training();
  check_seeds();
  check_trials();
  check_method();
  SweepConfig sweep{config.checked_but_evaluations(), plan_, origin({"trials"}).where,
                    origin({"confirm_trials", "confirm_seeds"}).where,
                    origin({"metric", "target_return"}, {"env", "max_episode_steps"}).where};
  check_combinations(sweep);
  check_steps();
  if (to_toml(sweep).size() > kMostTomlBytes) {
    throw Misfit(Origin{Origin::kFile, plan_.space.front().where},
                 "the space is too large: with all keys the sweep has more than 16 KiB",
                 "write fewer values");
  }
  return sweep;
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

void SweepSettings::check_trials() const {
  if (plan_.confirm_trials <= plan_.trials) return;
  throw Misfit(origin({"confirm_trials", "trials"}),
               "confirm_trials " + text(plan_.confirm_trials) + " is more than there are, trials " +
                   text(plan_.trials),
               "write confirm_trials = " + text(plan_.trials) + " or less");
}

void SweepSettings::check_steps() const {
  const std::int64_t total = config.unchecked().hyper.total_timesteps;
  const std::string of_total = " is not below total_timesteps " + text(total);
  if ((plan_.halves() || plan_.copies()) && plan_.grace_steps >= total) {
    throw Misfit(origin({"grace_steps"}, {"total_timesteps"}),
                 "grace_steps " + text(plan_.grace_steps) + of_total +
                     (plan_.halves() ? ", so no trial would be cut" : ", so no trial would be copied"),
                 "write a grace_steps of a fraction of it, or method = \"random\"");
  }
  const std::int64_t batch = largest_batch(config.unchecked(), plan_.space);
  if ((plan_.halves() || plan_.copies()) && plan_.grace_steps < batch) {
    throw Misfit(origin({"grace_steps"}, {"num_envs", "num_steps"}),
                 "grace_steps " + text(plan_.grace_steps) + " is less than the largest batch of the space, " +
                     text(batch) + " samples, so that trials would be compared before they have trained",
                 "write grace_steps = " + text(batch) + " or more");
  }
  if (plan_.evaluates() && plan_.eval_steps > total) {
    throw Misfit(origin({"eval_steps"}, {"total_timesteps"}),
                 "eval_steps " + text(plan_.eval_steps) + " is more than total_timesteps " + text(total) +
                     ", so there would be no evaluation",
                 "write eval_steps = " + text(total) + " or less");
  }
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

Origin SweepSettings::origin(std::initializer_list<std::string_view> sweep_keys,
                             std::initializer_list<std::string_view> config_keys) const {
  Origin most;
  for (const std::string_view key : sweep_keys) {
    const auto found = origins_.find(key);
    if (found != origins_.end() && found->second.kind > most.kind) most = found->second;
  }
  const Origin other = config.origin(config_keys);
  return other.kind > most.kind ? other : most;
}

}  // namespace ppo
