// What the episodes of an evaluation say about a policy.
#pragma once

#include <cstdint>
#include <span>

#include "engine/environment.hpp"

namespace ppo {

struct EpisodeStatistics {
  double mean = 0;  // of the returns, as std, min and max
  double std = 0;   // population standard deviation
  double min = 0;
  double max = 0;
  double mean_length = 0;    // [steps]
  double median_length = 0;  // [steps]
  std::int64_t capped = 0;   // episodes that max_steps cut
};

/// Of one episode or more, in the order in which they are numbered: sums depend on it.
EpisodeStatistics summarise(std::span<const EpisodeResult> episodes);

}  // namespace ppo
