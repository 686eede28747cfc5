#include "sweep/folder/state_json.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "config/sweep/space.hpp"
#include "config/sweep/trial_config.hpp"
#include "config/toml_reader.hpp"
#include "sweep/score.hpp"
#include "system/errors.hpp"

namespace ppo {
namespace {

using Json = nlohmann::json;

Json agent_json(const SweepAgent& agent) {
  Json window = Json::array();
  for (const ReturnWindow::Entry& entry : agent.window.entries()) {
    window.push_back({entry.episodes, entry.return_sum});
  }
  Json curve = Json::array();
  for (const CurvePoint& point : agent.curve) curve.push_back({point.steps, point.value});
  return {{"seed", agent.seed}, {"update", agent.update}, {"has_state", agent.state.has_value()},
          {"window", window},   {"curve", curve},         {"has_diverged", agent.has_diverged}};
}

Json trial_json(const Trial& trial, const std::vector<Dimension>& space) {
  Json schedule = Json::array();
  for (const ScheduleLine& line : trial.schedule) schedule.push_back({line.steps, line.values});
  Json agents = Json::array();
  for (const SweepAgent& agent : trial.agents) agents.push_back(agent_json(agent));
  return {{"number", trial.number},
          {"values", value_texts(trial.config, space)},
          {"state", to_string(trial.state)},
          {"rungs", trial.rungs},
          {"cut_at", trial.cut_at.value_or(0)},
          {"schedule", schedule},
          {"agents", agents}};
}

SweepAgent read_agent(const Config& config, const Json& json) {
  SweepAgent agent{.seed = json.at("seed").get<std::uint64_t>(),
                   .update = json.at("update").get<std::int64_t>()};
  std::vector<ReturnWindow::Entry> window;
  for (const Json& entry : json.at("window")) {
    window.push_back({entry.at(0).get<std::int64_t>(), entry.at(1).get<double>()});
  }
  agent.window = ReturnWindow(window);
  for (const Json& point : json.at("curve")) {
    agent.curve.push_back({point.at(0).get<std::int64_t>(), point.at(1).get<double>()});
  }
  agent.has_diverged = json.at("has_diverged").get<bool>();
  if (json.at("has_state").get<bool>()) {
    agent.state.emplace(find_environment(config.env)->info(), config.hyper);
    agent.state->seed = agent.seed;
    agent.state->update = agent.update;
  }
  return agent;
}

Trial::State read_state_name(const std::string& name) {
  for (const Trial::State state : {Trial::State::training, Trial::State::cut, Trial::State::control,
                                   Trial::State::finished, Trial::State::diverged}) {
    if (name == to_string(state)) return state;
  }
  throw Failure(kWrongInput, "there is no state of a trial called " + name);
}

/// With the trial's values, each as it was written.
Config read_config(const SweepConfig& sweep, const Json& values) {
  std::vector<Value> point;
  const std::vector<Dimension>& space = sweep.plan.space;
  for (std::size_t d = 0; d < space.size(); ++d) {
    point.push_back(read_value(space[d].option->domain, values.at(d).get<std::string>()));
  }
  return trial_config(sweep, point);
}

Trial read_trial(const SweepConfig& sweep, const Json& json) {
  Trial trial{.number = json.at("number").get<std::int64_t>(),
              .config = read_config(sweep, json.at("values")),
              .state = read_state_name(json.at("state").get<std::string>()),
              .rungs = json.at("rungs").get<std::int64_t>()};
  if (const auto cut_at = json.at("cut_at").get<std::int64_t>(); cut_at > 0) trial.cut_at = cut_at;
  for (const Json& line : json.at("schedule")) {
    trial.schedule.push_back({line.at(0).get<std::int64_t>(), line.at(1).get<std::vector<std::string>>()});
  }
  for (const Json& agent : json.at("agents")) trial.agents.push_back(read_agent(trial.config, agent));
  return trial;
}

}  // namespace

Json progress_json(const SweepConfig& sweep, const SweepState& state) {
  Json trials = Json::array();
  for (const Trial& trial : state.trials) trials.push_back(trial_json(trial, sweep.plan.space));
  Json confirmed = Json::array();
  for (const Trial& trial : state.confirmed) confirmed.push_back(trial_json(trial, sweep.plan.space));
  return {{"rung", state.rung}, {"seconds", state.seconds}, {"trials", trials}, {"confirmed", confirmed}};
}

namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw Failure(kWrongInput, "its progress does not fit the sweep: " + problem);
}

void check_agent(const Trial& trial, const SweepAgent& agent) {
  if (agent.update < 0 || agent.update > num_updates(trial.config.hyper)) refuse("an update is out of range");
  std::int64_t before = 0;
  for (const CurvePoint& point : agent.curve) {
    if (point.steps <= before || !std::isfinite(point.value)) refuse("a curve is out of order");
    before = point.steps;
  }
}

void check_trial(const SweepConfig& sweep, const Trial& trial, std::uint64_t first_seed, std::int64_t seeds) {
  if (trial.number < 0 || trial.number >= sweep.plan.trials) refuse("a trial has another number");
  if (static_cast<std::int64_t>(trial.agents.size()) != seeds) refuse("a trial has another number of seeds");
  std::uint64_t seed = first_seed;
  for (const SweepAgent& agent : trial.agents) {
    if (agent.seed != seed++) refuse("an agent has another seed");
    check_agent(trial, agent);
  }
  if (trial.schedule.empty() == sweep.plan.copies()) refuse("a trial has another schedule");
  for (const ScheduleLine& line : trial.schedule) {
    if (line.values.size() != sweep.plan.space.size()) refuse("a schedule has other keys");
  }
}

void check_progress(const SweepConfig& sweep, const SweepState& state) {
  const SweepPlan& plan = sweep.plan;
  const std::uint64_t seed = sweep.config.hyper.seed;
  if (static_cast<std::int64_t>(state.trials.size()) != plan.trials) refuse("it has other trials");
  std::int64_t number = 0;
  for (const Trial& trial : state.trials) {
    if (trial.number != number++) refuse("its trials are out of order");
    check_trial(sweep, trial, seed, plan.seeds_per_trial);
  }
  if (static_cast<std::int64_t>(state.confirmed.size()) > plan.confirm_trials + 1) {
    refuse("it confirms more trials");
  }
  for (const Trial& trial : state.confirmed) {
    check_trial(sweep, trial, seed + static_cast<std::uint64_t>(plan.seeds_per_trial), plan.confirm_seeds);
  }
  const auto rungs = static_cast<std::int64_t>(rungs_at(sweep, state).size());
  if (state.rung < 0 || state.rung > rungs || (state.rung == rungs && state.confirmed.empty())) {
    refuse("its rung is out of range");
  }
}

}  // namespace

SweepState read_progress(const SweepConfig& sweep, const Json& progress) {
  SweepState state{.trials = {},
                   .confirmed = {},
                   .rung = progress.at("rung").get<std::int64_t>(),
                   .seconds = progress.at("seconds").get<double>()};
  for (const Json& trial : progress.at("trials")) state.trials.push_back(read_trial(sweep, trial));
  for (const Json& trial : progress.at("confirmed")) state.confirmed.push_back(read_trial(sweep, trial));
  check_progress(sweep, state);
  return state;
}

}  // namespace ppo
