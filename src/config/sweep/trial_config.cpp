#include "config/sweep/trial_config.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "config/settings.hpp"
#include "config/sweep/space.hpp"
#include "config/sweep/sweep_options.hpp"
#include "system/errors.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostCombinations = 20'000;  // tried in advance: some milliseconds

/// A choice of the values that have to fit together.
struct Choice {
  const Dimension* dimension;
  std::vector<Value> values;
};

bool has_to_fit(const Dimension& dimension) {
  const std::string_view key = dimension.option->key;
  return key == "num_envs" || key == "num_steps" || key == "num_minibatches";
}

/// All values of a dimension, of whole numbers; none if there are more than kMostCombinations.
std::vector<Value> all_values(const Dimension& dimension) {
  std::vector<Value> all = choices(dimension);
  if (!all.empty() || dimension.max - dimension.min >= static_cast<double>(kMostCombinations)) return all;
  const auto last = static_cast<std::int64_t>(dimension.max);
  for (auto value = static_cast<std::int64_t>(dimension.min); value <= last; ++value) all.emplace_back(value);
  return all;
}

void set(Settings& settings, const Dimension& dimension, const Value& value) {
  settings.set(*dimension.option, value, {Origin::kFile, dimension.where});
}

const Config& checked(const Settings& settings) {
  try {
    return settings.checked();
  } catch (const Misfit& misfit) {
    const std::string where = misfit.origin.where.empty() ? "" : misfit.origin.where + ": ";
    throw Failure(kWrongInput, where + misfit.problem +
                                   ", one of the combinations in [sweep.space]; choose values that fit in "
                                   "every combination");
  }
}

}  // namespace

Config trial_config(const SweepConfig& sweep, std::span<const Value> point) {
  Settings settings(sweep.config);
  for (std::size_t i = 0; i < sweep.plan.space.size(); ++i) set(settings, sweep.plan.space[i], point[i]);
  return checked(settings);
}

std::vector<Value> values_of(const Config& config, const std::vector<Dimension>& space) {
  std::vector<Value> values;
  for (const Dimension& dimension : space) values.push_back(value_in(config, *dimension.option));
  return values;
}

void check_combinations(const SweepConfig& sweep) {
  std::vector<Choice> choices;
  std::size_t combinations = 1;
  for (const Dimension& dimension : sweep.plan.space) {
    if (!has_to_fit(dimension)) continue;
    choices.push_back({&dimension, all_values(dimension)});
    combinations *= choices.back().values.size();
    if (combinations == 0 || combinations > kMostCombinations) return;
  }
  Settings settings(sweep.config);
  for (std::size_t combination = 0; combination < combinations; ++combination) {
    std::size_t rest = combination;
    for (const Choice& choice : choices) {
      set(settings, *choice.dimension, choice.values[rest % choice.values.size()]);
      rest /= choice.values.size();
    }
    checked(settings);
  }
}

}  // namespace ppo
