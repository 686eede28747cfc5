#include "sweep/population_based.hpp"

#include <algorithm>

#include "config/sweep/schedule.hpp"
#include "config/sweep/space.hpp"
#include "config/sweep/sweep_options.hpp"
#include "config/sweep/trial_config.hpp"
#include "config/toml_reader.hpp"
#include "sweep/draws.hpp"
#include "sweep/score.hpp"
#include "system/sort_stably.hpp"

namespace ppo {
namespace {

constexpr double kStep = 0.1;  // of a range, in its scale

/// A value near it: a number a tenth of its range away, in its scale, or the next whole number if that is
/// further; of a list, half the time, a neighbour. At the end of a range it turns round.
Value explored(const Dimension& dimension, const Value& value, std::uint32_t random) {
  if (!may_change_during_training(*dimension.option)) return value;
  const bool is_list = dimension.is_list();
  if (is_list && (random & 2) != 0) return value;
  const double step = is_list ? 1.0 / static_cast<double>(dimension.values.size()) : kStep;
  const double unit = unit_of(dimension, value);
  const double first = (random & 1) != 0 ? step : -step;
  for (const double away : {first, -first}) {
    for (double there = unit + away; there >= 0 && there < 1; there += away) {
      if (const Value next = value_at(dimension, there); show(next) != show(value)) return next;
    }
  }
  return value;
}

Config explored_config(const SweepConfig& sweep, const Trial& from, std::int64_t rung, const Trial& to) {
  std::vector<Value> values = values_of(from.config, sweep.plan.space);
  for (std::size_t d = 0; d < values.size(); ++d) {
    const std::uint32_t random =
        sweep_bits(sweep.config.hyper.seed, SweepPurpose::explore, static_cast<std::uint32_t>(to.number),
                   static_cast<std::uint32_t>(rung), static_cast<std::uint32_t>(d));
    values[d] = explored(sweep.plan.space[d], values[d], random);
  }
  return trial_config(sweep, values);
}

/// What it has learned, in the place of an agent that has environments of its own.
void copy_agent(const SweepAgent& from, SweepAgent& to) {
  const std::uint64_t seed = to.seed;
  std::optional<AgentState> own = std::move(to.state);
  to = from;
  to.seed = seed;
  if (!to.state) return;
  to.state->seed = seed;
  if (!own) return;
  to.state->slot_state = own->slot_state;
  to.state->slot_length = own->slot_length;
  to.state->slot_return = own->slot_return;
  to.state->slot_discounted = own->slot_discounted;
}

}  // namespace

void exploit_and_explore(const SweepConfig& sweep, std::int64_t rung, std::int64_t since, std::int64_t steps,
                         std::vector<Trial>& trials) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < trials.size(); ++place) places.push_back(place);
  std::vector<double> returns;  // of late: an inherited curve says nothing about what came of it
  for (const Trial& trial : trials) returns.push_back(mean_return_since(trial, since));
  sort_stably(places, [&](std::size_t a, std::size_t b) { return returns[a] > returns[b]; });
  const std::size_t quarter = places.size() / 4;
  for (std::size_t i = 0; i < quarter; ++i) {
    Trial& to = trials[places[places.size() - 1 - i]];
    if (to.number == 0) continue;
    const std::uint32_t random =
        sweep_bits(sweep.config.hyper.seed, SweepPurpose::origin, static_cast<std::uint32_t>(to.number),
                   static_cast<std::uint32_t>(rung));
    const Trial& from = trials[places[random % quarter]];
    to.config = explored_config(sweep, from, rung, to);
    to.schedule = from.schedule;
    to.schedule.push_back({steps, value_texts(to.config, sweep.plan.space)});
    for (std::size_t s = 0; s < to.agents.size(); ++s) copy_agent(from.agents[s], to.agents[s]);
  }
}

Config scheduled_config(const SweepConfig& sweep, const std::vector<ScheduleLine>& schedule,
                        std::int64_t steps) {
  const ScheduleLine* line = &schedule.front();
  for (const ScheduleLine& later : schedule) {
    if (later.steps <= steps) line = &later;
  }
  std::vector<Value> values;
  for (std::size_t d = 0; d < line->values.size(); ++d) {
    values.push_back(read_value(sweep.plan.space[d].option->domain, line->values[d]));
  }
  return trial_config(sweep, values);
}

}  // namespace ppo
