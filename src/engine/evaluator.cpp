#include "engine/evaluator.hpp"

#include <algorithm>
#include <cstring>

namespace ppo {
namespace {

/// Episodes that one thread plays in a small part of a second, but no fewer than it plays side by side.
std::int64_t episodes_at_once(const TrainedPolicy& policy, const EvalOptions& options) {
  constexpr std::int64_t kLeast = 64;
  constexpr std::int64_t kMost = 512;
  constexpr std::int64_t kParamsTimesSteps = std::int64_t{1} << 31;
  const std::int64_t of_an_episode = options.max_steps * static_cast<std::int64_t>(policy.params.size());
  return std::clamp(kParamsTimesSteps / std::max(std::int64_t{1}, of_an_episode), kLeast, kMost);
}

}  // namespace

Evaluator::Evaluator(const EnvironmentLoops& loops, const Hyper& hyper, int threads)
    : loops_(loops), team_(threads) {
  const std::size_t bytes = loops.scratch_bytes(hyper);
  for (int index = 0; index < threads; ++index) scratch_.push_back(allocate_block(bytes));
  // Memory is first touched by the thread that will work on it.
  team_.run([&](const Worker& worker) {
    std::memset(scratch_[static_cast<std::size_t>(worker.index)].get(), 0, bytes);
  });
}

std::vector<std::vector<EpisodeResult>> Evaluator::play(std::span<const TrainedPolicy> policies,
                                                        const EvalOptions& options) {
  std::vector<std::vector<EpisodeResult>> results(policies.size());
  for (auto& episodes : results) episodes.resize(static_cast<std::size_t>(options.episodes));
  // A worker owns a range of all episodes of all policies: of each policy that it touches, a range of its
  // own.
  team_.run([&](const Worker& worker) {
    const Share share = worker.share(static_cast<std::int64_t>(policies.size()) * options.episodes);
    for (std::int64_t begin = share.begin; begin < share.end;) {
      const auto k = static_cast<std::size_t>(begin / options.episodes);
      const std::int64_t episode = begin % options.episodes;
      EvalOptions part = options;
      part.first_episode += episode;
      part.episodes = std::min(options.episodes - episode, share.end - begin);
      loops_.evaluate(policies[k].view(), part, nullptr,
                      scratch_[static_cast<std::size_t>(worker.index)].get(), results[k].data() + episode);
      begin += part.episodes;
    }
  });
  return results;
}

bool Evaluator::play_in_parts(std::span<const TrainedPolicy> policies, const EvalOptions& options,
                              const std::function<bool(std::int64_t episodes)>& played,
                              const std::function<void(const EpisodeStatistics&)>& take) {
  bool goes_on = true;
  while (!policies.empty()) {
    const std::int64_t at_once =
        static_cast<std::int64_t>(scratch_.size()) * episodes_at_once(policies.front(), options);
    const auto most = static_cast<std::size_t>(std::max(std::int64_t{1}, at_once / options.episodes));
    const auto some = policies.first(std::min(most, policies.size()));
    std::vector<std::vector<EpisodeResult>> results(some.size());
    EvalOptions part = options;
    for (std::int64_t done = 0; done < options.episodes; done += part.episodes) {
      if (!goes_on) return false;
      part.first_episode = options.first_episode + done;
      part.episodes = std::min(at_once, options.episodes - done);
      const std::vector<std::vector<EpisodeResult>> of_part = play(some, part);
      for (std::size_t k = 0; k < some.size(); ++k) {
        results[k].insert(results[k].end(), of_part[k].begin(), of_part[k].end());
      }
      goes_on = played(static_cast<std::int64_t>(some.size()) * part.episodes);
    }
    for (const std::vector<EpisodeResult>& episodes : results) take(summarise(episodes));
    policies = policies.subspan(some.size());
  }
  return true;
}

std::vector<EpisodeResult> Evaluator::play_for(Spectator& spectator, const TrainedPolicy& policy,
                                               const EvalOptions& options) {
  std::vector<EpisodeResult> results(static_cast<std::size_t>(options.episodes));
  loops_.evaluate(policy.view(), options, &spectator, scratch_.front().get(), results.data());
  return results;
}

}  // namespace ppo
