#include "run/run_json_reader.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

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

template <class T>
std::optional<T> optional(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<T>());
}

/// What the engine says about itself; which of these there are depends on the engine.
constexpr const char* kEngineFacts[] = {"simd",      "threads",          "gpu",
                                        "num_teams", "blocks_per_agent", "updates_per_launch"};

std::string fact(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

RunEnding ending(const Json& json) {
  RunEnding ending;
  ending.version = json.at("version");
  ending.numerics_version = json.at("numerics_version");
  ending.command_line = json.at("command_line");
  ending.finished = json.at("finished");
  ending.stopped_by = optional<std::string>(json.at("stopped_by"));
  ending.device = json.at("device");
  for (const Json& agent : json.at("agents")) {
    ending.param_hashes.push_back(optional<std::string>(agent.at("param_hash")));
  }
  for (const char* name : kEngineFacts) {
    if (json.contains(name)) ending.engine.emplace_back(name, fact(json.at(name)));
  }
  for (const auto& [name, value] : json.at("machine").items()) {
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
  } catch (const Json::exception& problem) {
    // "[json.exception.out_of_range.403] key 'version' not found"
    const std::string_view text = problem.what();
    throw Failure(kWrongInput, printable(file.native()) + ": damaged: " +
                                   printable(text.substr(std::min(text.find("] ") + 2, text.size()))));
  }
}

}  // namespace ppo
