// What a ServedEngine asks of the end that serves it.
#pragma once

#include <cstdint>

#include "engine/engine.hpp"
#include "engine/parts/message.hpp"

namespace ppo {

enum class Request : std::int32_t {
  make,    // an engine
  drop,    // it
  run,     // updates; its rows
  finite,  // which agents' parameters are
  params,
  save,
  load,
  tune,
  retire,
  trace,
  profile,
  end  // of serving; without an answer
};

void put(Message& message, const EngineOrder& order);
EngineOrder get_order(Message& message);

void put(Message& message, const EngineInfo& info);
EngineInfo get_info(Message& message);

void put(Message& message, const AgentState& state);
AgentState get_state(Message& message, const EnvironmentInfo& environment, const Sizes& sizes);

}  // namespace ppo
