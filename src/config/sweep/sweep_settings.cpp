#include "config/sweep/sweep_settings.hpp"

#include <algorithm>
#include <utility>

#include "config/sweep/sweep_writer.hpp"
#include "config/sweep/trial_config.hpp"
#include "config/toml_document.hpp"
#include "system/errors.hpp"

namespace ppo {

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
  check_actions();
  check_target();
  check_seeds();
  check_trials();
  check_method();
  SweepConfig sweep{config.checked_but_evaluations(), resolved(), origin({"trials"}).where,
                    origin({"confirm_trials", "confirm_seeds"}).where,
                    origin({"metric", "target_return"}, {"env", "max_episode_steps"}).where};
  check_combinations(sweep);
  if (plan_.halves() || plan_.copies()) check_grace();
  check_evaluations();
  if (to_toml(sweep).size() > kMostTomlBytes) {
    throw Misfit(Origin{Origin::kFile, plan_.space.front().where},
                 "the space is too large: with all keys the sweep has more than 16 KiB",
                 "write fewer values");
  }
  return sweep;
}

SweepPlan SweepSettings::resolved() const {
  SweepPlan plan = plan_;
  if (!origins_.contains("confirm_trials")) plan.confirm_trials = std::min(plan.confirm_trials, plan.trials);
  if (!plan.counts_steps()) plan.target_return = SweepPlan::kOwnTarget;
  return plan;
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
