#include "engine/episode_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "system/median.hpp"

namespace ppo {

EpisodeStatistics summarise(std::span<const EpisodeResult> episodes) {
  const auto count = static_cast<double>(episodes.size());
  EpisodeStatistics statistics{.min = episodes.front().episode_return,
                               .max = episodes.front().episode_return};
  std::vector<double> lengths;
  double sum = 0;
  double steps = 0;
  for (const EpisodeResult& episode : episodes) {
    sum += episode.episode_return;
    statistics.min = std::min(statistics.min, episode.episode_return);
    statistics.max = std::max(statistics.max, episode.episode_return);
    statistics.capped += episode.terminated ? 0 : 1;
    lengths.push_back(episode.length);
    steps += episode.length;
  }
  statistics.mean = sum / count;  // episodes that are all worth 500 have a mean of exactly 500
  double square = 0;
  for (const EpisodeResult& episode : episodes) {
    const double deviation = episode.episode_return - statistics.mean;
    square += deviation * deviation;
  }
  statistics.std = std::sqrt(square / count);
  statistics.mean_length = steps / count;
  std::sort(lengths.begin(), lengths.end());
  statistics.median_length = median_of_sorted(lengths);
  return statistics;
}

}  // namespace ppo
