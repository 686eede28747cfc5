#include "commands/eval.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "engine/engine.hpp"
#include "engine/episode_statistics.hpp"
#include "engine/evaluator.hpp"
#include "engine/play_limit.hpp"
#include "run/policy_hash.hpp"
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

/// The results [policies][options.episodes], in calls of at most `at_once` episodes of each policy.
std::vector<std::vector<EpisodeResult>> play(Evaluator& evaluator, std::span<const TrainedPolicy> policies,
                                             const EvalOptions& options, std::int64_t at_once,
                                             Progress& progress) {
  std::vector<std::vector<EpisodeResult>> results(policies.size());
  EvalOptions part = options;
  for (std::int64_t done = 0; done < options.episodes; done += part.episodes) {
    part.first_episode = options.first_episode + done;
    part.episodes = std::min(at_once, options.episodes - done);
    const auto played = evaluator.play(policies, part);
    for (std::size_t k = 0; k < played.size(); ++k) {
      results[k].insert(results[k].end(), played[k].begin(), played[k].end());
    }
    progress.advance(static_cast<std::int64_t>(policies.size()) * part.episodes);
  }
  return results;
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
  // Episodes in one call: enough to keep the threads busy, few enough for the progress to be seen.
  const std::int64_t at_once = std::int64_t{512} * threads;
  const auto policies_at_once =
      static_cast<std::size_t>(std::max(std::int64_t{1}, at_once / options.episodes));
  Progress progress("playing", "episodes", total);
  Json agents = Json::array();
  for (std::size_t first = 0; first < policies.size(); first += policies_at_once) {
    const std::span some(policies.data() + first, std::min(policies_at_once, policies.size() - first));
    const auto results = play(evaluator, some, options, at_once, progress);
    for (std::size_t k = first; k < first + some.size(); ++k) {
      const EpisodeStatistics statistics = summarise(results[k - first]);
      const std::uint64_t seed = config.hyper.seed + k;
      if (command.json) {
        agents.push_back(
            to_json(static_cast<std::int64_t>(k), seed, loaded.agents.origins[k], policies[k], statistics));
      } else {
        progress.hide();
        print_text(seed, loaded.agents.origins[k], statistics, options);
      }
    }
  }
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
