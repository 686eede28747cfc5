#include "commands/eval.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/engine.hpp"
#include "run/policy.hpp"
#include "run/saved_run.hpp"
#include "system/text.hpp"
#include "terminal/progress.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

struct Statistics {
  double mean = 0;
  double std = 0;  // population standard deviation
  double min = 0;
  double max = 0;
  double median_length = 0;
  std::int64_t capped = 0;  // episodes that max_steps cut
};

double median(std::vector<std::int32_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2.0;
}

Statistics summarise(const std::vector<EpisodeResult>& episodes) {
  const auto count = static_cast<double>(episodes.size());
  Statistics statistics{.min = episodes.front().episode_return, .max = episodes.front().episode_return};
  std::vector<std::int32_t> lengths;
  for (const EpisodeResult& episode : episodes) {
    statistics.mean += episode.episode_return / count;
    statistics.min = std::min(statistics.min, episode.episode_return);
    statistics.max = std::max(statistics.max, episode.episode_return);
    statistics.capped += episode.terminated ? 0 : 1;
    lengths.push_back(episode.length);
  }
  double square = 0;
  for (const EpisodeResult& episode : episodes)
    square += std::pow(episode.episode_return - statistics.mean, 2);
  statistics.std = std::sqrt(square / count);
  statistics.median_length = median(std::move(lengths));
  return statistics;
}

void print_text(std::uint64_t seed, const Statistics& s, const EvalOptions& options) {
  const Screen screen(STDOUT_FILENO);
  const std::string label = fmt::format("seed {}:", seed);
  const std::string text = fmt::format(
      "return {} +- {:.2f}, min {:.2f}, max {:.2f}, median length {:.4g}; {} {} episodes, {} at the cap of "
      "{} steps",
      screen.style().bold(fmt::format("{:.2f}", s.mean)), s.std, s.min, s.max, s.median_length,
      options.episodes, options.greedy ? "greedy" : "sampled", s.capped, options.max_steps);
  std::printf("%s", beside(screen.style().dim(label), label.size() + 1, text, screen.columns()).c_str());
}

Json to_json(std::int64_t agent, std::uint64_t seed, const TrainedPolicy& policy, const Statistics& s) {
  return {{"agent", agent},
          {"seed", seed},
          {"return_mean", s.mean},
          {"return_std", s.std},
          {"return_min", s.min},
          {"return_max", s.max},
          {"length_median", s.median_length},
          {"capped", s.capped},
          {"param_hash", param_hash(policy.params)}};
}

/// One call an episode, so that the progress is seen.
std::vector<EpisodeResult> play(const EnvironmentLoops& loops, const TrainedPolicy& policy,
                                const EvalOptions& options, Progress& progress) {
  std::vector<EpisodeResult> episodes(static_cast<std::size_t>(options.episodes));
  EvalOptions one = options;
  one.episodes = 1;
  for (EpisodeResult& episode : episodes) {
    loops.evaluate(policy.view(), one, nullptr, &episode);
    ++one.first_episode;
    progress.advance();
  }
  return episodes;
}

}  // namespace

int run_eval(const EvalCommand& command) {
  const SavedRun run = open_run(command.run);
  const Config& config = run.config;
  EvalOptions options = command.options;
  options.max_steps = play_limit(config, command.max_steps);

  const auto policies = read_policies(run);
  const EnvironmentLoops& loops = choose_level(*run.environment).loops;
  Progress progress("playing", "episodes", static_cast<std::int64_t>(policies.size()) * options.episodes);
  Json agents = Json::array();
  for (std::size_t k = 0; k < policies.size(); ++k) {
    const Statistics statistics = summarise(play(loops, policies[k], options, progress));
    const std::uint64_t seed = config.hyper.seed + k;
    if (command.json) {
      agents.push_back(to_json(static_cast<std::int64_t>(k), seed, policies[k], statistics));
    } else {
      progress.hide();
      print_text(seed, statistics, options);
    }
  }
  if (command.json) {
    const Json json{{"env", config.env},        {"episodes", options.episodes},
                    {"seed", options.seed},     {"max_steps", options.max_steps},
                    {"greedy", options.greedy}, {"agents", agents}};
    progress.hide();
    std::printf("%s\n", json.dump(2).c_str());
  }
  return 0;
}

}  // namespace ppo
