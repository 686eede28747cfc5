// What the critic learns where the answer is known: a time limit must not end the value of what goes on.
#include <gtest/gtest.h>

#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

Hyper value_hyper(std::int32_t time_limit) {
  return {{.total_timesteps = 400 * 64,
           .num_envs = 4,
           .num_steps = 16,
           .num_minibatches = 2,
           .max_episode_steps = time_limit,
           .hidden_size = 16},
          {.lr = 0.02F, .gamma = 0.9F, .clip_vloss = false, .anneal_lr = true}};
}

/// The value of an observation after training to the end.
template <class Env>
struct Trained {
  explicit Trained(std::int32_t time_limit) {
    const Hyper hyper = value_hyper(time_limit);
    params = testing::run<Env>(hyper, num_updates(hyper)).params;
  }
  double value(std::initializer_list<float> obs) const {
    const Layout layout = layout_of<Env>(value_hyper(0).hidden_size);
    Activations<float> unused;
    float result;
    forward(layout.critic(), Activation::tanh, params.data() + layout.critic_begin(), obs.begin(), unused,
            &result);
    return static_cast<double>(result);
  }
  std::vector<float> params;
};

// r / (1 - gamma) = 10. Taken for termination, limits of 1 to 5 steps would give 1 to 4.1.
TEST(EngineValues, AlwaysTruncatedConstantRewardIsWorthItsPerpetuity) {
  for (const std::int32_t limit : {1, 2, 5}) {
    EXPECT_NEAR(Trained<testing::ConstantReward>(limit).value({1}), 10, 0.1) << "limit " << limit;
  }
}

// A step before the limit is worth 1 / (1 - gamma) = 10, the start -20 + gamma 10 = -11. From the reset's
// observation it would be bootstrapped with the next start's cost, and be worth at most 1 + gamma (-11).
TEST(EngineValues, TruncationBootstrapsFromTheTrueLastObservation) {
  for (const std::int32_t limit : {2, 3}) {
    const Trained<testing::CostlyStart> trained(limit);
    EXPECT_NEAR(trained.value({1, 0}), 10, 0.2) << "limit " << limit;
    EXPECT_NEAR(trained.value({0, 1}), -11, 0.2) << "limit " << limit;
  }
}

}  // namespace
}  // namespace ppo
