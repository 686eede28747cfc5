#include "config/settings.hpp"

#include <algorithm>
#include <cstdint>

namespace ppo {
namespace {

constexpr std::int64_t kMostUpdates = 0xFFFFFFFF;  // the word that a draw's counter has for it

/// The divisors of `batch` on both sides of `wrong`, which is none: "4 or 8".
std::string divisors_around(std::int64_t batch, std::int64_t wrong) {
  std::int64_t below = 1;
  std::int64_t above = batch;
  const auto consider = [&](std::int64_t divisor) {
    if (divisor < wrong && divisor > below) below = divisor;
    if (divisor > wrong && divisor < above) above = divisor;
  };
  for (std::int64_t d = 1; d * d <= batch; ++d) {
    if (batch % d != 0) continue;
    consider(d);
    consider(batch / d);
  }
  if (wrong > batch) return std::to_string(batch);
  return std::to_string(below) + " or " + std::to_string(above);
}

/// One that the option takes, as TOML.
std::string usual_value(const Option& option) {
  const auto* text = std::get_if<Text>(&option.domain);
  return text != nullptr ? toml_string(text->example) : value_text(Config{}, option);
}

}  // namespace

Misfit::Misfit(const Origin& blamed, const std::string& what, const std::string& advice)
    : Failure(kWrongInput, (blamed.where.empty() ? "" : blamed.where + ": ") + what + "; " + advice),
      origin(blamed),
      problem(what) {}

std::string refusal_at(const Origin& origin, std::string_view key, const Domain& domain, const Value& value,
                       std::string usual) {
  if (origin.kind == Origin::kFlag) {
    std::erase(usual, '"');  // the shell takes a name without quotes
    return origin.where + " " + refusal(domain, value, origin.where + " " + usual);
  }
  const std::string name(key);
  return origin.where + ": " + name + " " + refusal(domain, value, name + " = " + usual);
}

std::string batch_text(const Sizes& sizes) {
  return std::to_string(batch_size(sizes)) + " samples (num_envs " + std::to_string(sizes.num_envs) +
         " x num_steps " + std::to_string(sizes.num_steps) + ")";
}

void Settings::set(const Option& option, const Value& value, const Origin& origin) {
  if (!store(option, value, config_)) {
    throw Failure(kWrongInput, refusal_at(origin, option.key, option.domain, value, usual_value(option)));
  }
  origins_[option.key] = origin;
}

const Config& Settings::checked() const {
  checked_but_evaluations();
  check_evaluation();
  return config_;
}

const Config& Settings::checked_but_evaluations() const {
  check_batch();
  check_length();
  check_seeds();
  check_init_from();
  return config_;
}

void Settings::check_batch() const {
  const Sizes& sizes = config_.hyper;
  const std::int64_t batch = batch_size(sizes);
  if (batch > kMostSamples) {
    throw Misfit(
        origin({"num_envs", "num_steps"}),
        "a batch of " + batch_text(sizes) + " is more than the largest, " + std::to_string(kMostSamples),
        "write num_steps = " + std::to_string(kMostSamples / sizes.num_envs) + " or less");
  }
  if (batch % sizes.num_minibatches != 0) {
    throw Misfit(origin({"num_minibatches", "num_envs", "num_steps"}),
                 "num_minibatches " + std::to_string(sizes.num_minibatches) +
                     " does not divide the batch of " + batch_text(sizes),
                 "write num_minibatches = " + divisors_around(batch, sizes.num_minibatches));
  }
}

void Settings::check_length() const {
  const Sizes& sizes = config_.hyper;
  const std::int64_t batch = batch_size(sizes);
  if (sizes.total_timesteps < batch) {
    throw Misfit(origin({"total_timesteps", "num_envs", "num_steps"}),
                 "total_timesteps " + std::to_string(sizes.total_timesteps) + " is less than one batch of " +
                     batch_text(sizes),
                 "write total_timesteps = " + std::to_string(batch) + " or more");
  }
  if (num_updates(sizes) > kMostUpdates) {
    throw Misfit(origin({"total_timesteps", "num_envs", "num_steps"}),
                 "total_timesteps " + std::to_string(sizes.total_timesteps) + " makes more than " +
                     std::to_string(kMostUpdates) + " updates",
                 "write total_timesteps = " + std::to_string(batch * kMostUpdates) + " or less");
  }
}

void Settings::check_seeds() const {
  constexpr auto last_seed = static_cast<std::uint64_t>(kLastSeed);
  const auto further_seeds = static_cast<std::uint64_t>(config_.num_seeds - 1);
  if (config_.hyper.seed > last_seed - further_seeds) {
    throw Misfit(origin({"seed", "num_seeds"}),
                 "seed " + std::to_string(config_.hyper.seed) + " leaves no room for num_seeds " +
                     std::to_string(config_.num_seeds),
                 "write seed = " + std::to_string(last_seed - further_seeds) + " or less");
  }
}

void Settings::check_init_from() const {
  if (!config_.init_from_hash.empty() && config_.init_from.empty()) {
    throw Misfit(origin({"init_from_hash"}), "init_from_hash without init_from",
                 "write init_from = the path of what has this hash");
  }
  const auto log_std = origins_.find("log_std_init");
  // A config file may say it: that of a run says all keys.
  if (!config_.init_from.empty() && log_std != origins_.end() && log_std->second.kind == Origin::kFlag) {
    throw Misfit(log_std->second, "with init_from the standard deviation comes from the learned policy",
                 "leave the flag out");
  }
}

void Settings::check_evaluation() const {
  const EvaluationPlan& evaluation = config_.evaluation;
  if (evaluation.stops_on_eval() && !evaluation.evaluates()) {
    throw Misfit(origin({"stop_at_return", "stop_on", "eval_every"}), "stop_at_return without evaluations",
                 "write eval_every = 10 to stop at an evaluation's mean return, "
                 "or stop_on = \"return_100\" to stop at that of training");
  }
  if (evaluation.stop_on == "return_100" && !evaluation.stops()) {
    throw Misfit(origin({"stop_on", "stop_at_return"}), "stop_on = \"return_100\" without stop_at_return",
                 "write stop_at_return = the mean return to stop at, "
                 "or leave stop_on out");
  }
  if (evaluation.evaluates()) return;
  const EvaluationPlan usual;
  if (evaluation.eval_episodes != usual.eval_episodes) check_evaluates("eval_episodes");
  if (evaluation.eval_greedy != usual.eval_greedy) check_evaluates("eval_greedy");
}

/// For a key with an unusual value. A file may have it beside an eval_every of 0: that of a run says all
/// keys.
void Settings::check_evaluates(std::string_view key) const {
  const auto found = origins_.find(key);
  if (found == origins_.end()) return;
  if (found->second.kind == Origin::kFile && origins_.contains("eval_every")) return;
  const std::string name(key);
  throw Misfit(found->second, name + " without evaluations",
               "write eval_every = 10 to have them, or leave " + name + " out");
}

Origin Settings::origin(std::initializer_list<std::string_view> keys) const {
  Origin most;
  for (const std::string_view key : keys) {
    const auto found = origins_.find(key);
    if (found != origins_.end() && found->second.kind > most.kind) most = found->second;
  }
  return most;
}

}  // namespace ppo
