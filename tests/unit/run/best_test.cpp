// Which of an agent's evaluations is the best, and what is kept of it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "formats/safetensors.hpp"
#include "run/policy.hpp"
#include "unit/run/small_checkpoints.hpp"

namespace ppo::test {
namespace {

EvalScore score(double mean, double std) {
  return {.update = 1, .return_mean = mean, .return_std = std};
}

TEST(Best, HasTheHighestMeanThenTheLowestDeviationThenComesFirst) {
  EXPECT_TRUE(is_better(score(-1e9, 7), std::nullopt));
  EXPECT_TRUE(is_better(score(1, 9), score(0.5, 0)));
  EXPECT_FALSE(is_better(score(0.5, 0), score(1, 9)));
  EXPECT_TRUE(is_better(score(1, 8), score(1, 9)));
  EXPECT_FALSE(is_better(score(1, 9), score(1, 9)));
  EXPECT_FALSE(is_better(score(1, 10), score(1, 9)));
}

TEST(Best, IsFinite) {
  const double nan = std::nan("");
  const double inf = std::numeric_limits<double>::infinity();
  for (const double wrong : {nan, inf, -inf}) {
    EXPECT_FALSE(is_better(score(wrong, 0), std::nullopt));
    EXPECT_FALSE(is_better(score(1e308, wrong), std::nullopt));
  }
}

TEST(Best, OfAllAgentsMakesAPolicyFile) {
  for (const Config& config : configs_of_every_kind(2)) {
    const CpuEngine engine = engine_for(config);
    std::vector<std::optional<BestPolicy>> all(2);
    EXPECT_EQ(best_policy_file(config, all), "");
    all[1] = BestPolicy{.policy = engine.policy(1)};
    EXPECT_EQ(best_policy_file(config, all), "");
    all[0] = BestPolicy{.policy = engine.policy(0)};
    const std::string file = best_policy_file(config, all);
    EXPECT_EQ(file, policy_file(config, [&](std::int64_t k) { return engine.policy(k); }));
    EXPECT_EQ(parse_policy(parse_image(file, "file", "policy"), "file", config).size(), 2U);
  }
}

}  // namespace
}  // namespace ppo::test
