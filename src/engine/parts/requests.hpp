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

/// What an engine is to be made of.
struct EngineOrder {
  std::string env;
  RunOptions run;
  Population population;
  Instruments instruments;
  std::uint64_t bytes_besides = 0;
  std::int64_t updates_done = 0;
};

void put(Message& message, const EngineOrder& order);
EngineOrder get_order(Message& message);

/// A config of which an engine can be made for the order's agents.
Config config_of(const EngineOrder& order);

void put(Message& message, const EngineInfo& info);
EngineInfo get_info(Message& message);

void put(Message& message, const AgentState& state);
AgentState get_state(Message& message, const EnvironmentInfo& environment, const Sizes& sizes);

}  // namespace ppo
