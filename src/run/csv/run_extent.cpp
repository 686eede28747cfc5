#include "run/csv/run_extent.hpp"

#include <string>

namespace ppo {

void check_steps(const CsvReader& csv, std::int64_t steps, std::int64_t updates, const RunExtent& run) {
  const std::int64_t expected = updates * run.batch;
  if (steps == expected) return;
  csv.refuse(std::to_string(steps) + " steps where " + std::to_string(expected) + " should be");
}

RunExtent extent_of(const Config& config) {
  return {.num_agents = config.num_seeds,
          .first_seed = static_cast<std::int64_t>(config.hyper.seed),
          .batch = batch_size(config.hyper),
          .num_updates = num_updates(config.hyper),
          .eval_every = config.evaluation.eval_every,
          .agents_stop = config.evaluation.stops()};
}

std::vector<std::int64_t> ends_of(const std::vector<std::optional<std::int64_t>>& stopped_at,
                                  std::int64_t num_updates) {
  std::vector<std::int64_t> ends;
  for (const std::optional<std::int64_t>& update : stopped_at) ends.push_back(update.value_or(num_updates));
  return ends;
}

}  // namespace ppo
