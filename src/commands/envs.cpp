#include "commands/envs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "system/errors.hpp"
#include "system/text.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kColumns = 5;
using Row = std::array<std::string, kColumns>;

Row row_of(const EnvironmentInfo& info) {
  return {std::string(info.name), "observes " + counted(info.observation_size, "number"),
          describe_actions(info.actions),
          info.time_limit > 0 ? "at most " + counted(info.time_limit, "step") : "no time limit",
          fmt::format("solved at {:g}", info.solved_return)};
}

/// A float as a JSON number of the same few digits.
Json number(float x) {
  return std::isfinite(x) ? Json::parse(fmt::format("{}", x)) : Json(nullptr);
}

Json json_of(const EnvironmentInfo& info) {
  Json ranges = Json::array();
  for (int d = 0; info.actions.count == 0 && d < info.actions.numbers; ++d) {
    const ActionRange range = info.actions.range(d);
    ranges.push_back({number(range.low), number(range.high)});
  }
  const bool discrete = info.actions.count > 0;
  return {{"name", info.name},
          {"observation_size", info.observation_size},
          {"actions", discrete ? Json(info.actions.count) : Json(nullptr)},
          {"action_ranges", discrete ? Json(nullptr) : ranges},
          {"time_limit", info.time_limit > 0 ? Json(info.time_limit) : Json(nullptr)},
          {"solved_return", number(info.solved_return)},
          {"can_be_filmed", info.draws_itself}};
}

}  // namespace

std::string describe_actions(const ActionFacts& actions) {
  constexpr std::size_t kMostRanges = 3;
  if (actions.count > 0) return counted(actions.count, "action");
  std::vector<std::string> ranges;
  for (int d = 0; d < actions.numbers; ++d) {
    const ActionRange range = actions.range(d);
    ranges.push_back(fmt::format("[{}, {}]", range.low, range.high));
  }
  const std::string numbers = counted(actions.numbers, "number");
  const bool alike = std::all_of(ranges.begin(), ranges.end(),
                                 [&](const std::string& range) { return range == ranges.front(); });
  if (alike) return numbers + " in " + ranges.front();
  if (ranges.size() > kMostRanges) return numbers + " in ranges of their own";
  std::string text = numbers + " in " + ranges.front();
  for (std::size_t d = 1; d < ranges.size(); ++d) {
    text += (d + 1 == ranges.size() ? " and " : ", ") + ranges[d];
  }
  return text;
}

int run_envs(const EnvsCommand& command) {
  if (command.json) {
    Json all = Json::array();
    for (const Environment& environment : environments()) all.push_back(json_of(environment.info()));
    std::printf("%s\n", all.dump(2).c_str());
    return kDone;
  }
  std::vector<Row> rows;
  for (const Environment& environment : environments()) rows.push_back(row_of(environment.info()));
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const Style style = Screen(STDOUT_FILENO).style();
  for (const Row& row : rows) {
    std::string line = style.bold(row[0]) + std::string(widths[0] - row[0].size(), ' ');
    for (std::size_t i = 1; i < kColumns; ++i) {
      line += "  " + row[i];
      if (i + 1 < kColumns) line += std::string(widths[i] - row[i].size(), ' ');
    }
    std::printf("%s\n", line.c_str());
  }
  return kDone;
}

}  // namespace ppo
