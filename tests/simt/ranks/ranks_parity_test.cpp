// The kernels of several ranks that train an agent together give the bytes of the CPU engine.
#include "ppo/env/cartpole.hpp"
#include "simt/ranks/rank_runs.hpp"
#include "simt/small_environments.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo {
namespace {

using testing::expect_parity_of_ranks;
using testing::Ranks;
using testing::Reach;

/// 37 environments are two whole chunks and a part of one; minibatches of 185 samples a whole group, which
/// two blocks split, and a part of one.
constexpr Hyper kHyper{{.total_timesteps = 4 * 37 * 15,
                        .num_envs = 37,
                        .num_steps = 15,
                        .num_minibatches = 3,
                        .max_episode_steps = 9,
                        .hidden_size = 32},
                       {.seed = 5, .lr = 3e-3F, .update_epochs = 2, .norm_obs = true, .norm_reward = true}};

class SimtRanks : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Ranks, SimtRanks, ::testing::Values(2, 3, 5));

TEST_P(SimtRanks, TrainAsOneProcessDoes) {
  for (const std::int32_t blocks : {1, 2, 3}) {
    expect_parity_of_ranks<CartPole>(kHyper, {.ranks = GetParam(), .blocks = blocks, .per_launch = 1}, 2);
  }
}

TEST_P(SimtRanks, WithActionsThatAreNumbers) {
  Hyper hyper = kHyper;
  hyper.norm_obs = hyper.norm_reward = false;
  hyper.max_episode_steps = 0;
  hyper.activation = Activation::relu;
  for (const std::int32_t blocks : {1, 3}) {
    expect_parity_of_ranks<Reach>(hyper, {.ranks = GetParam(), .blocks = blocks}, 2);
  }
}

// More ranks, and more blocks, than there are environments, chunks, groups.
TEST_P(SimtRanks, MayHaveNothingToDo) {
  Hyper hyper = kHyper;
  hyper.num_envs = 2;
  hyper.num_minibatches = 1;
  expect_parity_of_ranks<CartPole>(hyper, {.ranks = GetParam(), .blocks = 3}, 2);
}

// Those that keep running statistics, and those that do not.
TEST_P(SimtRanks, TakeDifferentAgentsInTurn) {
  Hyper hyper = kHyper;
  hyper.num_envs = 5;
  hyper.num_steps = 30;
  hyper.num_minibatches = 1;
  expect_parity_of_ranks<CartPole>(testing::mixed_population(hyper),
                                   {.ranks = GetParam(), .blocks = 2, .num_agents = 5}, 2);
}

// Sums of such layers do not stay in registers.
TEST(SimtRanks, WithLargeLayers) {
  Hyper hyper = kHyper;
  hyper.hidden_size = 128;
  hyper.num_steps = 7;
  hyper.num_minibatches = 1;
  for (const std::int32_t blocks : {1, 2}) {
    expect_parity_of_ranks<CartPole, 128>(hyper, {.ranks = 2, .blocks = blocks}, 1);
  }
}

TEST(SimtRanks, LearnNothingFromWhatIsNotANumber) {
  const Hyper hyper{
      {.total_timesteps = 400, .num_envs = 20, .num_steps = 5, .num_minibatches = 2, .hidden_size = 32},
      {.seed = 3}};
  expect_parity_of_ranks<testing::Faulty>(hyper, {.ranks = 3, .blocks = 2}, 1);
}

// Where a user of the kernel has said how long it may wait: the host never answers here.
TEST(SimtRanks, GiveUpAfterAWhile) {
  const CudaLoops loops = cuda_loops<CartPole, 32>();
  testing::MeetingPlace place(2);
  testing::ThreadExchange exchange(place, 0);
  testing::RankMemory memory(loops, kHyper, exchange);
  simt::Training training(loops, population_of(kHyper, 1), {.blocks_per_agent = 2});
  training.join(memory.link());
  training.set_patience(1'000'000);
  EXPECT_THROW(training.run(1, {.seed = 1}), std::runtime_error);
  EXPECT_EQ(memory.link().mailbox->asked, 1U);
  EXPECT_GT(memory.link().mailbox->units, 0);
}

}  // namespace
}  // namespace ppo
