// A trial of a sweep: a config, tried with several seeds.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/sweep/sweep_plan.hpp"
#include "engine/agent_state.hpp"
#include "run/records.hpp"

namespace ppo {

/// What an agent was worth after so many steps: the mean return of an evaluation, or return_100.
struct CurvePoint {
  std::int64_t steps;
  double value;
};

/// One of a trial's agents.
struct SweepAgent {
  std::uint64_t seed = 0;
  std::int64_t update = 0;               // the next one to run
  std::optional<AgentState> state = {};  // none: before the first update, and when it is not needed any more
  ReturnWindow window = {};
  std::vector<CurvePoint> curve = {};
  bool has_diverged = false;
};

/// From these steps on a trial has trained with these values, one a key of the space.
struct ScheduleLine {
  std::int64_t steps;
  std::vector<std::string> values;  // as TOML without quotes

  auto operator<=>(const ScheduleLine&) const = default;
};

struct Trial {
  enum class State {
    training,
    cut,
    control,  // was to be cut, and trains on to show what cutting costs
    finished,
    diverged
  };

  std::int64_t number = 0;
  Config config;  // with the trial's values
  State state = State::training;
  std::int64_t rungs = 0;                   // that it has passed
  std::optional<std::int64_t> cut_at = {};  // after so many steps; of a control: as it would have been
  std::vector<ScheduleLine> schedule = {};  // of population-based training
  std::vector<SweepAgent> agents = {};      // one a seed

  bool trains() const { return state == State::training || state == State::control; }
  /// Of each of its agents.
  std::int64_t steps() const;
};

/// "training", ...
const char* to_string(Trial::State state);

/// Trial 0 is the config as it stands, the others are points of the sweep's space. Throws
/// Failure(kWrongInput) where there can be no such trial.
Config config_of_trial(const SweepConfig& sweep, std::int64_t number);

/// All trials before they begin.
std::vector<Trial> make_trials(const SweepConfig& sweep);

/// Places of those that have trained to the end.
std::vector<std::size_t> finished(const std::vector<Trial>& trials);

/// That trial anew, with `seeds` seeds from `first` on.
Trial with_seeds(const Trial& trial, std::uint64_t first, std::int64_t seeds);

/// The values of a config for the keys of the space as text, without quotes.
std::vector<std::string> value_texts(const Config& config, const std::vector<Dimension>& space);

/// The same for people: numbers with four digits.
std::vector<std::string> short_value_texts(const Config& config, const std::vector<Dimension>& space);

}  // namespace ppo
