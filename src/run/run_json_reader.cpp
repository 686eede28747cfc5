#include "run/run_json_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <system_error>

#include "formats/json_reader.hpp"
#include "run/records.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

using namespace json;

/// An agent takes some 480 bytes, the command line what a system takes for the names in it.
std::size_t most_bytes(std::int64_t num_agents) {
  return (std::size_t{1} << 20) + std::size_t{640} * static_cast<std::size_t>(num_agents);
}

/// What the engine and the machine say about themselves; which of these there are depends on the engine.
constexpr const char* kEngineFacts[] = {"ranks",     "ranks_per_agent",  "simd",
                                        "threads",   "mean_threads",     "gpu",
                                        "num_teams", "blocks_per_agent", "updates_per_launch"};
constexpr const char* kMachineFacts[] = {"processor", "cores", "system", "architecture"};

using Facts = std::vector<std::pair<std::string, std::string>>;

Facts facts(const Value& json, std::span<const char* const> names) {
  Facts facts;
  for (const char* name : names) {
    const auto found = json.find(name);
    if (found == json.end()) continue;
    facts.emplace_back(name, found->is_number() ? found->dump() : text(*found, name));
  }
  return facts;
}

/// Of one agent; runs without evaluations do not have it.
std::optional<BestEvaluation> best_of(const Value& agent) {
  const auto hash = agent.find("best_policy_hash");
  if (hash == agent.end() || hash->is_null()) return std::nullopt;
  return BestEvaluation{.score = {.update = whole(agent, "best_update"),
                                  .return_mean = real(agent, "best_return_mean"),
                                  .return_std = real(agent, "best_return_std")},
                        .steps = whole(agent, "best_steps"),
                        .policy_hash = text(*hash, "best_policy_hash")};
}

std::optional<std::int64_t> stopped_at(const Value& agent) {
  constexpr const char* kName = "stopped_at_update";
  return member(agent, kName).is_null() ? std::nullopt : std::optional(whole(agent, kName));
}

/// Throws std::runtime_error where something is missing or of another kind.
RunEnding ending(const Value& json) {
  RunEnding ending;
  ending.version = text(member(json, "version"), "version");
  ending.numerics_version = static_cast<std::uint64_t>(whole(json, "numerics_version"));
  for (const Value& argument : list(json, "command_line")) {
    ending.command_line.push_back(text(argument, "command_line"));
  }
  ending.finished = text(member(json, "finished"), "finished");
  ending.stopped_by = text_or_null(member(json, "stopped_by"), "stopped_by");
  ending.updates = whole(json, "updates");
  ending.device = text(member(json, "device"), "device");
  for (const Value& agent : list(json, "agents")) {
    ending.param_hashes.push_back(text_or_null(member(agent, "param_hash"), "param_hash"));
    ending.policy_hashes.push_back(
        text_or_null(agent.value("policy_hash", Value()), "policy_hash"));  // older programs wrote none
    ending.best.push_back(best_of(agent));
    if (agent.contains("stopped_at_update")) ending.stopped_at.push_back(stopped_at(agent));
  }
  if (!ending.stopped_at.empty() && ending.stopped_at.size() != ending.best.size()) {
    throw std::runtime_error("some agents have no stopped_at_update");
  }
  ending.engine = facts(json, kEngineFacts);
  ending.machine = facts(member(json, "machine"), kMachineFacts);
  return ending;
}

}  // namespace

bool RunEnding::diverged() const {
  return stopped_by == Outcome::kByDivergence;
}

bool RunEnding::all_stopped() const {
  return !stopped_at.empty() &&
         std::ranges::all_of(stopped_at, [](const auto& at) { return at.has_value(); });
}

bool RunEnding::all_have_best() const {
  return std::ranges::all_of(best, [](const auto& one) { return one.has_value(); });
}

RunEnding parse_run_json(std::string_view text, const std::string& file) {
  const Value written = parse(text, file);
  try {
    return ending(written);
  } catch (const std::runtime_error& problem) {
    refuse(file, problem.what());
  }
}

std::optional<RunEnding> read_run_json(const std::filesystem::path& file, std::int64_t num_agents) {
  std::error_code error;
  if (std::filesystem::status(file, error).type() == std::filesystem::file_type::not_found) {
    return std::nullopt;
  }
  try {
    RunEnding ending = parse_run_json(read_file(file, most_bytes(num_agents)), file.native());
    const std::size_t agents = ending.param_hashes.size();
    if (agents == static_cast<std::size_t>(num_agents)) return ending;
    refuse(file.native(), "it has " + std::to_string(agents) +
                              " agents, but config.toml has num_seeds = " + std::to_string(num_agents));
  } catch (const Unreadable& problem) {
    throw Failure(kWrongInput, printable(file.native()) + ": " + problem.what());
  }
}

}  // namespace ppo
