// Where an episode of a run's agents is cut when it is played again.
#pragma once

#include <cstdint>
#include <optional>

#include "config/config.hpp"

namespace ppo {

/// At the user's limit, the run's, the environment's, or 500.
std::int32_t play_limit(const Config& config, std::optional<std::int32_t> max_steps);

/// Of a film that nobody asked to be longer: as play_limit, but at 500 steps at most.
std::int32_t film_limit(const Config& config);

}  // namespace ppo
