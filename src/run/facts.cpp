#include "run/facts.hpp"

#include <sys/utsname.h>

#include <charconv>
#include <cmath>
#include <ctime>
#include <thread>

#include "config/options.hpp"
#include "system/processor/name.hpp"

namespace ppo {
namespace {

/// A float as the double that is written the same: 0.2, not 0.20000000298023224.
Json json_number(float value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  double written = 0;
  std::from_chars(digits, end, written);
  return written;
}

Json json_number(Activation activation) {
  return std::string(kActivationNames[static_cast<std::size_t>(activation)]);
}

template <class T>
Json json_number(const T& value) {
  return value;
}

}  // namespace

std::string utc_time(const char* pattern) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, pattern, &parts)};
}

Json machine() {
  utsname system{};
  ::uname(&system);
  return {{"processor", processor_name()},
          {"cores", std::thread::hardware_concurrency()},
          {"system", std::string(system.sysname) + ' ' + system.release},
          {"architecture", system.machine}};
}

Json engine_json(const EngineInfo& engine) {
  Json json = {{"device", engine.device}};
  if (engine.ranks > 1) json["ranks"] = engine.ranks;
  if (engine.ranks_per_agent > 1) json["ranks_per_agent"] = engine.ranks_per_agent;
  if (engine.gpu.empty()) {
    json.update({{"simd", engine.simd}, {"threads", engine.threads}});
    if (engine.mean_threads > 0) json["mean_threads"] = std::round(engine.mean_threads * 100) / 100;
    return json;
  }
  json.update({{"gpu", engine.gpu},
               {"num_teams", engine.num_teams},
               {"blocks_per_agent", engine.blocks_per_agent},
               {"updates_per_launch", engine.updates_per_launch}});
  return json;
}

Json config_json(const Config& config) {
  Json json;
  Config copy = config;
  for (const Option& option : options()) {
    std::visit([&](const auto* field) { json[std::string(option.key)] = json_number(*field); },
               option.field(copy));
  }
  return json;
}

}  // namespace ppo
