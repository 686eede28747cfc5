// The agents that an engine is to train.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "config/config.hpp"
#include "ppo/hyper.hpp"

namespace ppo {

struct Population {
  Sizes sizes;
  std::vector<Tuning> agents;  // [K], at least one

  std::int64_t count() const { return static_cast<std::int64_t>(agents.size()); }
  Hyper hyper(std::int64_t k) const { return {sizes, agents[static_cast<std::size_t>(k)]}; }
};

/// The usual one: agents that differ in their seeds, hyper.seed, hyper.seed + 1, ...
Population population_of(const Hyper& hyper, std::int64_t num_agents);
Population population_of(const Config& config);

}  // namespace ppo
