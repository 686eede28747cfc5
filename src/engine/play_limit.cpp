#include "engine/play_limit.hpp"

#include <algorithm>

#include "engine/environment.hpp"

namespace ppo {

std::int32_t play_limit(const Config& config, std::optional<std::int32_t> max_steps) {
  if (max_steps) return *max_steps;
  if (config.hyper.max_episode_steps > 0) return config.hyper.max_episode_steps;
  const std::int32_t limit = find_environment(config.env)->info().time_limit;
  return limit > 0 ? limit : EvalOptions{}.max_steps;
}

std::int32_t film_limit(const Config& config) {
  return std::min(play_limit(config, std::nullopt), EvalOptions{}.max_steps);
}

}  // namespace ppo
