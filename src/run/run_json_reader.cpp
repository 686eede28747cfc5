#include "run/run_json_reader.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "config/text.hpp"
#include "errors.hpp"
#include "run/records.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

std::string read_text(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_regular_file(file, error)) {
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (stream.is_open() && !stream.bad()) return text;
  }
  throw Failure(kWrongInput, printable(file.native()) + ": cannot be read");
}

Json parse(const std::string& text, const std::filesystem::path& file) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const auto place = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    throw Failure(kWrongInput, printable(file.native()) + ':' +
                                   std::to_string(1 + std::count(text.begin(), place, '\n')) +
                                   ": damaged: it is no JSON");
  }
}

const Json& member(const Json& json, const std::string& name) {
  if (!json.is_object() || !json.contains(name)) throw std::runtime_error("there is no " + name);
  return json.at(name);
}

const Json& list(const Json& json, const std::string& name) {
  const Json& value = member(json, name);
  if (!value.is_array()) throw std::runtime_error(name + " takes a list");
  return value;
}

std::int64_t whole(const Json& json, const std::string& name) {
  const Json& value = member(json, name);
  if (!value.is_number_integer()) throw std::runtime_error(name + " takes a whole number");
  return value.get<std::int64_t>();
}

std::string text(const Json& value, const std::string& name) {
  if (!value.is_string()) throw std::runtime_error(name + " takes text");
  return value.get<std::string>();
}

std::optional<std::string> text_or_null(const Json& value, const std::string& name) {
  return value.is_null() ? std::nullopt : std::optional(text(value, name));
}

/// What the engine says about itself; which of these there are depends on the engine.
constexpr const char* kEngineFacts[] = {"simd",      "threads",          "gpu",
                                        "num_teams", "blocks_per_agent", "updates_per_launch"};

std::string fact(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Throws std::runtime_error where something is missing or of another kind.
RunEnding ending(const Json& json) {
  RunEnding ending;
  ending.version = text(member(json, "version"), "version");
  ending.numerics_version = whole(json, "numerics_version");
  for (const Json& argument : list(json, "command_line")) {
    ending.command_line.push_back(text(argument, "command_line"));
  }
  ending.finished = text(member(json, "finished"), "finished");
  ending.stopped_by = text_or_null(member(json, "stopped_by"), "stopped_by");
  ending.updates = whole(json, "updates");
  ending.device = text(member(json, "device"), "device");
  for (const Json& agent : list(json, "agents")) {
    ending.param_hashes.push_back(text_or_null(member(agent, "param_hash"), "param_hash"));
  }
  for (const char* name : kEngineFacts) {
    if (json.contains(name)) ending.engine.emplace_back(name, fact(json.at(name)));
  }
  for (const auto& [name, value] : member(json, "machine").items()) {
    ending.machine.emplace_back(name, fact(value));
  }
  return ending;
}

}  // namespace

bool RunEnding::diverged() const {
  return stopped_by == Outcome::kByDivergence;
}

std::optional<RunEnding> read_run_json(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::status(file, error).type() == std::filesystem::file_type::not_found) {
    return std::nullopt;
  }
  const Json json = parse(read_text(file), file);
  try {
    return ending(json);
  } catch (const std::runtime_error& problem) {
    throw Failure(kWrongInput, printable(file.native()) + ": damaged: " + problem.what());
  }
}

}  // namespace ppo
