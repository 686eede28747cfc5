#include "config/sweep/sweep_options.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "config/nearest.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

template <auto Member>
Field plan(SweepPlan& plan) {
  return &(plan.*Member);
}

std::vector<std::string> methods() {
  return {"random", "halving", "pbt"};
}

std::vector<std::string> metrics() {
  return {"steps_to_greedy", "return_100", "best_eval"};
}

template <std::vector<std::string> (*Names)()>
bool is_one_of(std::string_view name) {
  return std::ranges::count(Names(), name) > 0;
}

constexpr float kHuge = 1e30F;

constexpr auto kOptions = std::to_array<SweepOption>({
    {"trials", Whole{2, 65536}, "", "number of points of the space to try; the first is the config itself",
     plan<&SweepPlan::trials>},
    {"method", Name{"a method", methods, is_one_of<methods>}, "",
     "random trains all trials to the end; halving cuts the worse ones early; pbt (population-based "
     "training) lets the worst go on from copies of the best, with changed values",
     plan<&SweepPlan::method>},
    {"seeds_per_trial", Whole{1, 1000}, "",
     "agents of a trial, with seeds seed, seed + 1, ..., the same for all trials",
     plan<&SweepPlan::seeds_per_trial>},
    {"metric", Name{"a metric", metrics, is_one_of<metrics>}, "",
     "what trials are compared by: steps_to_greedy (steps until greedy evaluations reach target_return for "
     "good), return_100 (the mean of the latest 100 training episodes) or best_eval (the best evaluation)",
     plan<&SweepPlan::metric>},
    {"target_return", Real{.least = -kHuge, .most = kHuge, .or_inf = true}, "",
     "mean return to reach, of steps_to_greedy; inf means the environment's own, at which it counts as "
     "solved",
     plan<&SweepPlan::target_return>},
    {"grace_steps", Whole{1}, "environment steps",
     "training of an agent before the first trials are cut; with pbt, between two rounds of copying",
     plan<&SweepPlan::grace_steps>},
    {"eval_steps", Whole{1}, "environment steps",
     "interval between the evaluations of an agent, in steps that it trains", plan<&SweepPlan::eval_steps>},
    {"confirm_trials", Whole{1, 1000}, "",
     "how many of the best trials to train again with fresh seeds; the default is never more than there are",
     plan<&SweepPlan::confirm_trials>},
    {"confirm_seeds", Whole{1, 1000}, "", "fresh seeds of each of these, those behind the ones of the trials",
     plan<&SweepPlan::confirm_seeds>},
});

struct SweepableKey {
  std::string_view key;
  Sweepable kind;
  std::string_view range;  // an example
};

constexpr Sweepable kTuning = Sweepable::tuning;
constexpr Sweepable kShape = Sweepable::shape;

constexpr auto kSweepable = std::to_array<SweepableKey>({
    {"gamma", kTuning, R"({ min = 0.9, max = 0.999, scale = "log1m" })"},
    {"gae_lambda", kTuning, R"({ min = 0.8, max = 0.99, scale = "log1m" })"},
    {"norm_obs", kTuning, "{ values = [true, false] }"},
    {"norm_reward", kTuning, "{ values = [true, false] }"},
    {"log_std_init", kTuning, "{ min = -1.0, max = 1.0 }"},
    {"lr", kTuning, R"({ min = 1e-4, max = 1e-2, scale = "log" })"},
    {"anneal_lr", kTuning, "{ values = [true, false] }"},
    {"update_epochs", kTuning, "{ min = 2, max = 10 }"},
    {"norm_adv", kTuning, "{ values = [true, false] }"},
    {"clip_coef", kTuning, "{ min = 0.1, max = 0.4 }"},
    {"clip_vloss", kTuning, "{ values = [true, false] }"},
    {"ent_coef", kTuning, R"({ min = 1e-4, max = 0.05, scale = "log" })"},
    {"vf_coef", kTuning, "{ min = 0.25, max = 1.0 }"},
    {"max_grad_norm", kTuning, "{ values = [0.5, 1.0, 5.0] }"},
    {"target_kl", kTuning, "{ values = [0.0, 0.02, 0.05] }"},
    {"num_envs", kShape, "{ values = [8, 16, 32, 64] }"},
    {"num_steps", kShape, R"({ min = 32, max = 256, scale = "pow2" })"},
    {"hidden_size", kShape, "{ values = [32, 64, 128] }"},
    {"activation", kShape, R"({ values = ["tanh", "relu"] })"},
    {"num_minibatches", kShape, "{ values = [2, 4, 8] }"},
});

const SweepableKey* find_sweepable(std::string_view key) {
  const auto found = std::ranges::find(kSweepable, key, &SweepableKey::key);
  return found == kSweepable.end() ? nullptr : &*found;
}

}  // namespace

std::span<const SweepOption> sweep_options() {
  return kOptions;
}

const SweepOption* find_sweep_option(std::string_view key) {
  const auto found = std::ranges::find(kOptions, key, &SweepOption::key);
  return found == kOptions.end() ? nullptr : &*found;
}

std::string suggest_sweep_key(std::string_view wrong) {
  std::vector<std::string> names;
  for (const SweepOption& option : kOptions) names.emplace_back(option.key);
  return suggest(wrong, names, "see " + program_name() + " help sweep");
}

std::string help_with_unit(const SweepOption& option) {
  std::string text(option.help);
  if (!option.unit.empty()) text += " [" + std::string(option.unit) + "]";
  return text;
}

std::string value_text(const SweepPlan& plan, const SweepOption& option) {
  SweepPlan copy = plan;  // a Field is a pointer to what may be changed
  return field_text(option.field(copy));
}

bool store(const SweepOption& option, const Value& value, SweepPlan& plan) {
  return store(option.domain, value, option.field(plan));
}

Sweepable sweepable(const Option& option) {
  const SweepableKey* found = find_sweepable(option.key);
  return found == nullptr ? Sweepable::no : found->kind;
}

bool may_change_during_training(const Option& option) {
  return sweepable(option) == Sweepable::tuning && option.key != "norm_obs" && option.key != "norm_reward" &&
         option.key != "log_std_init";
}

std::vector<std::string> sweepable_keys(Sweepable kind) {
  std::vector<std::string> keys;
  for (const Option& option : options()) {
    if (sweepable(option) == kind) keys.emplace_back(option.key);
  }
  return keys;
}

std::vector<std::string> all_sweepable_keys() {
  std::vector<std::string> keys;
  for (const Option& option : options()) {
    if (sweepable(option) != Sweepable::no) keys.emplace_back(option.key);
  }
  return keys;
}

std::string space_example(const Option& option) {
  const SweepableKey* found = find_sweepable(option.key);
  return found == nullptr ? "" : std::string(option.key) + " = " + std::string(found->range);
}

std::string why_not_sweepable(const Option& option) {
  const std::string key(option.key);
  if (key == "seed" || key == "num_seeds") {
    return "every trial trains with the same seeds; write, for example, seeds_per_trial = 3 under [sweep]";
  }
  if (key == "env" || key == "max_episode_steps") {
    return "returns of different tasks do not compare; write a sweep for each";
  }
  if (key == "total_timesteps") {
    return "all trials are to train for as long; write total_timesteps = N above [sweep]";
  }
  if (key.starts_with("eval_") || key.starts_with("stop_")) {
    return "trials are compared by the same evaluations; write eval_steps and target_return under [sweep]";
  }
  if (key.starts_with("init_from")) return "trials start from random parameters; leave it out";
  return "it does not affect the result; write it above [sweep], or leave it out";
}

bool is_whole(const Option& option) {
  return std::holds_alternative<Whole>(option.domain) || std::holds_alternative<OneOf>(option.domain);
}

}  // namespace ppo
