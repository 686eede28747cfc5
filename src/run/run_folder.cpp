#include "run/run_folder.hpp"

#include <sys/utsname.h>

#include <charconv>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "config/options.hpp"
#include "config/text.hpp"
#include "config/toml_writer.hpp"
#include "errors.hpp"
#include "run/policy.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

std::string utc_time(const char* pattern) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, pattern, &parts)};
}

/// Two runs that start within a second get -2, -3, ...
std::filesystem::path create_numbered(const std::string& name) {
  const std::filesystem::path parent = "runs";
  for (int number = 1;; ++number) {
    std::filesystem::path folder = parent / (number == 1 ? name : name + '-' + std::to_string(number));
    if (create_folder(folder)) return folder;
  }
}

/// Letters, digits, '.', '_' and '-' as they are, but neither '.' nor '-' in front; everything else becomes
/// '_'.
std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    const bool inner = (c == '.' || c == '-') && !name.empty();
    name += plain || inner ? c : '_';
  }
  return name;
}

std::filesystem::path create(const TrainCommand& command) {
  if (!command.out) {
    return create_numbered(file_name(command.config_name) + "-s" + std::to_string(command.config.hyper.seed) +
                           '-' + utc_time("%Y%m%d-%H%M%S"));
  }
  if (!create_folder(*command.out)) {
    throw Failure(kWrongInput,
                  "--out: " + quote(command.out->native()) + " exists already; name a folder that does not");
  }
  return *command.out;
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

Json machine() {
  utsname system{};
  ::uname(&system);
  return {{"processor", processor()},
          {"cores", std::thread::hardware_concurrency()},
          {"system", std::string(system.sysname) + ' ' + system.release},
          {"architecture", system.machine}};
}

/// A float as the double that is written the same: 0.2, not 0.20000000298023224.
Json json_number(float value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  double written = 0;
  std::from_chars(digits, end, written);
  return written;
}

template <class T>
Json json_number(const T& value) {
  return value;
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

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json agents_json(const Outcome& outcome) {
  Json agents = Json::array();
  for (std::size_t k = 0; k < outcome.agents.size(); ++k) {
    const AgentProgress& agent = outcome.agents[k];
    agents.push_back({{"agent", k},
                      {"seed", agent.last().seed},
                      {"return_100", or_null(agent.last().return_100)},
                      {"solved_at_step", or_null(agent.solved_at_step())},
                      {"param_hash", outcome.param_hashes[k]}});
  }
  return agents;
}

Json run_json(const TrainCommand& command, const EngineInfo& engine, const Outcome& outcome) {
  Json json;
  json["version"] = PPO_VERSION;
  json["numerics_version"] = kNumericsVersion;
  json["command_line"] = command.arguments;
  json["finished"] = utc_time("%Y-%m-%dT%H:%M:%SZ");
  json["stopped_by"] = or_null(outcome.stopped_by);
  json["updates"] = outcome.updates;
  json["steps"] = outcome.steps;
  json["wall_s"] = outcome.wall_s;
  json["sps"] =
      outcome.wall_s > 0 ? Json(static_cast<double>(outcome.steps) / outcome.wall_s) : Json(nullptr);
  json["agents"] = agents_json(outcome);
  json["device"] = engine.device;
  json["simd"] = engine.simd;
  json["threads"] = engine.threads;
  json["machine"] = machine();
  json["config"] = config_json(command.config);
  return json;
}

}  // namespace

RunFolder::RunFolder(const TrainCommand& command) : path_(create(command)), csv_(path_) {
  write_file(path_ / "config.toml", to_toml(command.config));
}

void RunFolder::finish(const TrainCommand& command, const Engine& engine, const Outcome& outcome) {
  if (!outcome.diverged()) write_file(path_ / "policy.safetensors", policy_file(command.config, engine));
  // A command line can hold any bytes; JSON cannot.
  write_file(
      path_ / "run.json",
      run_json(command, engine.info(), outcome).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace ppo
