#include "engine/parts/requests.hpp"

#include <algorithm>
#include <utility>

namespace ppo {
namespace {

/// Calls each(array) for all that a state has of arrays.
template <class State, class Each>
void for_each_array(State& state, const Each& each) {
  each(state.params);
  each(state.moment1);
  each(state.moment2);
  each(state.slot_state);
  each(state.slot_length);
  each(state.slot_return);
  each(state.slot_discounted);
  each(state.moments);
}

}  // namespace

void put(Message& message, const EngineOrder& order) {
  message.put_text(order.env);
  message.put_text(order.run.device);
  message.put_text(order.run.simd);
  message.put(order.run.threads);
  message.put(order.run.blocks_per_agent);
  message.put(order.run.updates_per_launch);
  message.put(order.population.sizes);
  message.put_all(order.population.agents);
  message.put(order.instruments);
  message.put(order.bytes_besides);
  message.put(order.updates_done);
  message.put(order.team);
  message.put(order.trainers);
  message.put(order.num_seeds);
}

EngineOrder get_order(Message& message) {
  EngineOrder order;
  order.env = message.get_text();
  order.run.device = message.get_text();
  order.run.simd = message.get_text();
  order.run.threads = message.get<std::int32_t>();
  order.run.blocks_per_agent = message.get<std::int32_t>();
  order.run.updates_per_launch = message.get<std::int32_t>();
  order.population.sizes = message.get<Sizes>();
  order.population.agents = message.get_all<Tuning>();
  order.instruments = message.get<Instruments>();
  order.bytes_besides = message.get<std::uint64_t>();
  order.updates_done = message.get<std::int64_t>();
  order.team = message.get<RankTeam>();
  order.trainers = message.get<int>();
  order.num_seeds = message.get<std::int64_t>();
  return order;
}

void put(Message& message, const EngineInfo& info) {
  for (const std::string& text : {info.device, info.simd, info.gpu, info.card, info.note})
    message.put_text(text);
  message.put(info.threads);
  message.put(info.chooses_threads);
  message.put(info.num_teams);
  message.put(info.blocks_per_agent);
  message.put(info.updates_per_launch);
}

EngineInfo get_info(Message& message) {
  EngineInfo info;
  for (std::string* text : {&info.device, &info.simd, &info.gpu, &info.card, &info.note})
    *text = message.get_text();
  info.threads = message.get<int>();
  info.chooses_threads = message.get<bool>();
  info.num_teams = message.get<int>();
  info.blocks_per_agent = message.get<int>();
  info.updates_per_launch = message.get<std::int64_t>();
  return info;
}

void put(Message& message, const AgentState& state) {
  message.put(state.seed);
  message.put(state.update);
  message.put(state.powers);
  message.put(state.trace);
  for_each_array(state, [&](const auto& array) { message.put_all(array); });
}

AgentState get_state(Message& message, const EnvironmentInfo& environment, const Sizes& sizes) {
  AgentState state(environment, sizes);
  state.seed = message.get<std::uint64_t>();
  state.update = message.get<std::int64_t>();
  state.powers = message.get<AdamPowers>();
  state.trace = message.get<std::uint64_t>();
  for_each_array(state, [&](auto& array) {
    array = message.get_all<typename std::remove_reference_t<decltype(array)>::value_type>();
  });
  return state;
}

}  // namespace ppo
