#include "sweep/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "config/sweep/space.hpp"
#include "config/sweep/trial_config.hpp"
#include "sweep/sobol.hpp"

namespace ppo {
namespace {

std::vector<Value> point(const SweepConfig& sweep, std::int64_t number) {
  std::vector<Value> values;
  for (std::size_t d = 0; d < sweep.plan.space.size(); ++d) {
    const double unit =
        sobol(sweep.config.hyper.seed, static_cast<std::uint32_t>(number - 1), static_cast<int>(d));
    values.push_back(value_at(sweep.plan.space[d], unit));
  }
  return values;
}

}  // namespace

std::int64_t Trial::steps() const {
  std::int64_t updates = 0;
  for (const SweepAgent& agent : agents) updates = std::max(updates, agent.update);
  return updates * batch_size(config.hyper);
}

const char* to_string(Trial::State state) {
  switch (state) {
    case Trial::State::training:
      return "training";
    case Trial::State::cut:
      return "cut";
    case Trial::State::control:
      return "control";
    case Trial::State::finished:
      return "finished";
    case Trial::State::diverged:
      return "diverged";
  }
  return "";
}

Config config_of_trial(const SweepConfig& sweep, std::int64_t number) {
  return number == 0 ? sweep.config : trial_config(sweep, point(sweep, number));
}

std::vector<Trial> make_trials(const SweepConfig& sweep) {
  std::vector<Trial> trials;
  for (std::int64_t number = 0; number < sweep.plan.trials; ++number) {
    Trial trial{.number = number, .config = config_of_trial(sweep, number)};
    if (sweep.plan.copies()) trial.schedule = {{0, value_texts(trial.config, sweep.plan.space)}};
    trials.push_back(with_seeds(trial, sweep.config.hyper.seed, sweep.plan.seeds_per_trial));
  }
  return trials;
}

std::vector<std::size_t> finished(const std::vector<Trial>& trials) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < trials.size(); ++place) {
    if (trials[place].state == Trial::State::finished) places.push_back(place);
  }
  return places;
}

Trial with_seeds(const Trial& trial, std::uint64_t first, std::int64_t seeds) {
  Trial anew{.number = trial.number, .config = trial.config, .schedule = trial.schedule};
  for (std::int64_t s = 0; s < seeds; ++s) {
    anew.agents.push_back({.seed = first + static_cast<std::uint64_t>(s)});
  }
  return anew;
}

std::vector<std::string> value_texts(const Config& config, const std::vector<Dimension>& space) {
  std::vector<std::string> texts;
  for (const Dimension& dimension : space) texts.push_back(bare_text(config, *dimension.option));
  return texts;
}

std::vector<std::string> short_value_texts(const Config& config, const std::vector<Dimension>& space) {
  std::vector<std::string> texts = value_texts(config, space);
  const std::vector<Value> values = values_of(config, space);
  for (std::size_t d = 0; d < values.size(); ++d) {
    if (const auto* number = std::get_if<double>(&values[d])) texts[d] = fmt::format("{:.4g}", *number);
  }
  return texts;
}

}  // namespace ppo
