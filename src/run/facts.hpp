// When, where and with what a run or a measurement was made.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "config/config.hpp"
#include "engine/engine.hpp"

namespace ppo {

using Json = nlohmann::ordered_json;

/// The time now, UTC, as strftime writes it.
std::string utc_time(const char* pattern);

/// Processor, cores, system, architecture.
Json machine();

/// Where agents train.
Json engine_json(const EngineInfo& engine);

/// All keys with their values.
Json config_json(const Config& config);

}  // namespace ppo
