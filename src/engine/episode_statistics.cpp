#include "engine/episode_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace ppo {
namespace {

double median(std::vector<std::int32_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : values[half - 1] / 2.0 + values[half] / 2.0;
}

}  // namespace

EpisodeStatistics summarise(std::span<const EpisodeResult> episodes) {
  const auto count = static_cast<double>(episodes.size());
  EpisodeStatistics statistics{.min = episodes.front().episode_return,
                               .max = episodes.front().episode_return};
  std::vector<std::int32_t> lengths;
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
  statistics.median_length = median(std::move(lengths));
  return statistics;
}

}  // namespace ppo
