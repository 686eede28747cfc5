// From one environment to 65,536, and what they cost in memory.
#include <gtest/gtest.h>

#include "ppo/env/cartpole.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

using testing::Outcome;

void expect_sound(const Outcome& outcome, std::int32_t epochs) {
  for (const float param : outcome.params) ASSERT_TRUE(std::isfinite(param));
  for (const UpdateRow& row : outcome.rows) {
    EXPECT_TRUE(std::isfinite(row.loss_policy));
    EXPECT_TRUE(std::isfinite(row.grad_norm));
    EXPECT_NEAR(row.entropy, 0.69, 0.02);
    EXPECT_EQ(row.epochs, epochs);
  }
}

TEST(EngineSizes, OneEnvironment) {
  const Hyper hyper{{.num_envs = 1, .num_steps = 8, .num_minibatches = 4, .hidden_size = 4}, {}};
  expect_sound(testing::run<CartPole>(hyper, 3), 4);
}

TEST(EngineSizes, OneSampleAMinibatch) {
  const Hyper hyper{{.num_envs = 1, .num_steps = 8, .num_minibatches = 8, .hidden_size = 4}, {}};
  expect_sound(testing::run<CartPole>(hyper, 3), 4);
}

TEST(EngineSizes, OneSampleAnUpdate) {
  const Hyper hyper{{.num_envs = 1, .num_steps = 1, .num_minibatches = 1, .hidden_size = 4}, {}};
  expect_sound(testing::run<CartPole>(hyper, 3), 4);
}

TEST(EngineSizes, TheMostEnvironmentsOfOneStep) {
  const Hyper hyper{{.num_envs = 65536, .num_steps = 1, .num_minibatches = 4, .hidden_size = 4},
                    {.update_epochs = 1}};
  const Outcome outcome = testing::run<CartPole>(hyper, 2);
  expect_sound(outcome, 1);
  EXPECT_EQ(outcome.rows[1].episodes, 0);  // nobody falls within two steps
}

TEST(EngineSizes, TheMostEnvironmentsInOneMinibatchOfDoubledGroups) {
  const Hyper hyper{{.num_envs = 65536, .num_steps = 1, .num_minibatches = 1, .hidden_size = 4},
                    {.update_epochs = 1}};
  expect_sound(testing::run<CartPole>(hyper, 1), 1);
}

using Cart = Agent<CartPole>;

const Layout kLayout = layout_of<CartPole>(Hyper{}.hidden_size);

std::int64_t bytes_of(const Hyper& hyper) {
  return static_cast<std::int64_t>(Cart::carve(hyper, nullptr));
}

/// What grows neither with environments nor with steps: parameters, moments, sums, and 64 bytes of alignment
/// for each array.
const std::int64_t kNetworkBytes = (4 * kLayout.size() + 32) * 4 + 24 * 64 + std::int64_t{sizeof(Cart)};

/// The groups' sums: at most 256, one for every 128 samples of a minibatch.
std::int64_t group_bytes(const Hyper& hyper) {
  return group_count(minibatch_size(hyper)) * sums_size(kLayout) * 4;
}

// A step more of every environment: what is stored of a sample, at every time limit.
TEST(EngineSizes, ASampleTakesAtMost64Bytes) {
  for (const std::int32_t limit : {0, 1, 10, 500}) {
    Hyper hyper{{.num_envs = 1024, .num_steps = 64, .max_episode_steps = limit}, {}};
    const std::int64_t before = bytes_of(hyper) - group_bytes(hyper);
    hyper.num_steps += 1000;
    const std::int64_t after = bytes_of(hyper) - group_bytes(hyper);
    EXPECT_LE(after - before, 64 * 1024 * 1000) << "limit " << limit;
    EXPECT_GE(after - before, 34 * 1024 * 1000) << "limit " << limit;  // obs, action, logp, reward, ...
  }
}

// A run of ordinary length stays below that with everything else counted: slots, sums, the row after the
// last.
TEST(EngineSizes, AWholeAgentTakesAtMost64BytesASampleBesideItsNetworks) {
  for (const std::int32_t envs : {1, 64, 1000, 65536}) {
    const Hyper hyper{{.num_envs = envs, .num_steps = 128}, {}};
    EXPECT_LE(bytes_of(hyper), 64 * batch_size(hyper) + kNetworkBytes + group_bytes(hyper)) << envs;
  }
}

// With a single step an environment's own numbers (slot before and after, sums, second observation, running
// statistics) count more than its sample.
TEST(EngineSizes, AnEnvironmentTakesAtMost256BytesBesideItsSamples) {
  const Hyper hyper{{.num_envs = 65536, .num_steps = 1}, {}};
  const std::int64_t bytes = 64 * batch_size(hyper) + std::int64_t{256} * hyper.num_envs;
  EXPECT_LE(bytes_of(hyper), bytes + kNetworkBytes + group_bytes(hyper));
}

}  // namespace
}  // namespace ppo
