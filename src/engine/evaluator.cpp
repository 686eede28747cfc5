#include "engine/evaluator.hpp"

#include <algorithm>
#include <cstring>

namespace ppo {

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

std::vector<EpisodeResult> Evaluator::play_for(Spectator& spectator, const TrainedPolicy& policy,
                                               const EvalOptions& options) {
  std::vector<EpisodeResult> results(static_cast<std::size_t>(options.episodes));
  loops_.evaluate(policy.view(), options, &spectator, scratch_.front().get(), results.data());
  return results;
}

}  // namespace ppo
