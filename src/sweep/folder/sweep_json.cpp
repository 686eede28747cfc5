#include "sweep/folder/sweep_json.hpp"

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <variant>

#include "config/sweep/space.hpp"
#include "config/sweep/trial_config.hpp"
#include "run/facts.hpp"
#include "sweep/ranking.hpp"

namespace ppo {
namespace {

Json or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

struct ValueJson {
  Json operator()(double number) const {
    return std::strtod(number_text(static_cast<float>(number)).c_str(), nullptr);
  }
  Json operator()(const Unusable&) const { return nullptr; }
  template <class T>
  Json operator()(const T& value) const {
    return value;
  }
};

Json space_json(const std::vector<Dimension>& space) {
  Json all = Json::array();
  for (const Dimension& dimension : space) {
    Json one = {{"key", dimension.option->key}};
    if (dimension.is_list()) {
      for (const Value& value : dimension.values) one["values"].push_back(std::visit(ValueJson{}, value));
    } else {
      one["scale"] = scale_name(dimension.scale);
      one["min"] = dimension.min;
      one["max"] = dimension.max;
    }
    all.push_back(std::move(one));
  }
  return all;
}

Json values_json(const SweepConfig& sweep, const Trial& trial) {
  Json all = Json::object();
  const std::vector<Value> values = values_of(trial.config, sweep.plan.space);
  for (std::size_t d = 0; d < values.size(); ++d) {
    all[std::string(sweep.plan.space[d].option->key)] = std::visit(ValueJson{}, values[d]);
  }
  return all;
}

Json ranking_json(const SweepConfig& sweep, const SweepState& state) {
  Json all = Json::array();
  for (const Confirmed& best : ranking(sweep, state)) {
    all.push_back({{"rank", all.size() + 1},
                   {"trial", best.trial->number},
                   {"values", values_json(sweep, *best.trial)},
                   {"score", or_null(best.score.median)},
                   {"low", or_null(best.low)},
                   {"high", or_null(best.high)},
                   {"reached", best.reached},
                   {"seeds", best.metrics.size()}});
  }
  return all;
}

Json control_json(const SweepConfig& sweep, const SweepState& state) {
  const std::optional<Control> control = control_of(sweep, state);
  if (!control) return nullptr;
  const auto trial_json = [&](const Trial* trial) -> Json {
    if (trial == nullptr) return nullptr;
    Json json = {{"trial", trial->number},
                 {"score", or_null(score_of(sweep.plan, target_of(sweep), *trial).median)}};
    if (trial->cut_at) json["cut_at"] = *trial->cut_at;
    return json;
  };
  return {{"trials", control->trials},
          {"best_kept", trial_json(control->best_kept)},
          {"best_cut", trial_json(control->best_cut)}};
}

Json seeds_json(std::uint64_t first, std::int64_t count) {
  Json seeds = Json::array();
  for (std::int64_t s = 0; s < count; ++s) seeds.push_back(first + static_cast<std::uint64_t>(s));
  return seeds;
}

}  // namespace

std::string sweep_json(const SweepConfig& sweep, const SweepState& state) {
  const SweepPlan& plan = sweep.plan;
  const std::uint64_t seed = sweep.config.hyper.seed;
  const bool complete = is_complete(sweep, state);
  Json json;
  json["version"] = PPO_VERSION;
  json["numerics_version"] = kNumericsVersion;
  json["complete"] = complete;
  json["env"] = sweep.config.env;
  json["method"] = plan.method;
  json["metric"] = plan.metric;
  json["target_return"] = plan.counts_steps() ? Json(target_of(sweep)) : Json(nullptr);
  json["trials"] = plan.trials;
  json["seeds"] = seeds_json(seed, plan.seeds_per_trial);
  json["confirm_seeds"] =
      seeds_json(seed + static_cast<std::uint64_t>(plan.seeds_per_trial), plan.confirm_seeds);
  json["rungs"] = rungs_of(sweep);
  json["total_timesteps"] = sweep.config.hyper.total_timesteps;
  json["space"] = space_json(plan.space);
  json["ranking"] = complete ? ranking_json(sweep, state) : Json::array();
  json["control"] = complete ? control_json(sweep, state) : Json(nullptr);
  return json.dump(2) + '\n';
}

}  // namespace ppo
