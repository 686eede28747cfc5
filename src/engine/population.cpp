#include "engine/population.hpp"

namespace ppo {

Population population_of(const Hyper& hyper, std::int64_t num_agents) {
  Population population{hyper, std::vector<Tuning>(static_cast<std::size_t>(num_agents), hyper)};
  std::uint64_t seed = hyper.seed;
  for (Tuning& tuning : population.agents) tuning.seed = seed++;
  return population;
}

Population population_of(const Config& config) {
  return population_of(config.hyper, config.num_seeds);
}

}  // namespace ppo
