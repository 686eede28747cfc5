#include "commands/eval.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/engine.hpp"
#include "engine/episode_statistics.hpp"
#include "engine/evaluator.hpp"
#include "engine/play_limit.hpp"
#include "run/policy_hash.hpp"
#include "system/cores.hpp"
#include "system/text.hpp"
#include "terminal/progress.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

void print_text(std::uint64_t seed, const AgentOrigin& origin, const EpisodeStatistics& s,
                const EvalOptions& options) {
  const Screen screen(STDOUT_FILENO);
  const std::string when = origin.text();
  const std::string label = fmt::format("seed {}{}{}:", seed, when.empty() ? "" : ", ", when);
  const std::string text = fmt::format(
      "return {} +- {:.2f}, min {:.2f}, max {:.2f}, median length {:.4g}; {} {} episodes, {} at the cap of "
      "{} steps",
      screen.style().bold(fmt::format("{:.2f}", s.mean)), s.std, s.min, s.max, s.median_length,
      options.episodes, options.greedy ? "greedy" : "sampled", s.capped, options.max_steps);
  std::printf("%s", beside(screen.style().dim(label), label.size() + 1, text, screen.columns()).c_str());
}

Json to_json(std::int64_t agent, std::uint64_t seed, const AgentOrigin& origin, const TrainedPolicy& policy,
             const EpisodeStatistics& s) {
  return {{"agent", agent},
          {"seed", seed},
          {"steps", origin.steps ? Json(*origin.steps) : Json(nullptr)},
          {"return_mean", s.mean},
          {"return_std", s.std},
          {"return_min", s.min},
          {"return_max", s.max},
          {"length_median", s.median_length},
          {"capped", s.capped},
          {"param_hash", param_hash(policy.params)}};
}

}  // namespace

int run_eval(const EvalCommand& command) {
  const LoadedAgents loaded = load_agents(command.source);
  const Config& config = loaded.config;
  EvalOptions options = command.options;
  options.max_steps = play_limit(config, command.max_steps);

  const std::vector<TrainedPolicy>& policies = loaded.agents.policies;
  const std::int64_t total = static_cast<std::int64_t>(policies.size()) * options.episodes;
  const int threads = static_cast<int>(std::min<std::int64_t>(usable_cores(), total));
  Evaluator evaluator(choose_level(*loaded.environment).loops, config.hyper, threads);
  Progress progress("playing", "episodes", total);
  Json agents = Json::array();
  std::size_t k = 0;
  const auto played = [&](std::int64_t episodes) {
    progress.advance(episodes);
    return true;
  };
  evaluator.play_in_parts(policies, options, played, [&](const EpisodeStatistics& statistics) {
    const std::uint64_t seed = config.hyper.seed + k;
    if (command.json) {
      agents.push_back(
          to_json(static_cast<std::int64_t>(k), seed, loaded.agents.origins[k], policies[k], statistics));
    } else {
      progress.hide();
      print_text(seed, loaded.agents.origins[k], statistics, options);
    }
    ++k;
  });
  if (command.json) {
    const Json json{{"env", config.env},        {"episodes", options.episodes},
                    {"seed", options.seed},     {"max_steps", options.max_steps},
                    {"greedy", options.greedy}, {"best", command.source.kind == PolicyKind::best},
                    {"agents", agents}};
    progress.hide();
    std::printf("%s\n", json.dump(2).c_str());
  }
  return 0;
}

}  // namespace ppo
