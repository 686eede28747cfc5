// The plain engine's contract: the same bytes however the updates are asked for and whoever else trains.
#include <gtest/gtest.h>

#include "ppo/env/cartpole.hpp"
#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::NameIt;
using testing::Outcome;

Hyper small_hyper() {
  return {{.total_timesteps = 40 * 512,
           .num_envs = 20,  // not a multiple of a chunk
           .num_steps = 24,
           .num_minibatches = 3,  // of 160 samples: two groups
           .max_episode_steps = 20,
           .hidden_size = 16},
          {.seed = 7, .lr = 3e-3F}};
}

double reward_per_step(const UpdateRow& row) {
  return row.return_sum / static_cast<double>(row.length_sum);
}

TEST(Engine, LearnsAnEnvironmentOfOtherSizes) {
  const Outcome outcome = testing::run<NameIt>(small_hyper(), 40);
  EXPECT_NEAR(reward_per_step(outcome.rows.front()), 1.0 / 3, 0.1);
  EXPECT_GT(reward_per_step(outcome.rows.back()), 0.95);
  EXPECT_LT(outcome.rows.back().entropy, 0.5F * outcome.rows.front().entropy);
}

TEST(Engine, LearnsCartPole) {
  const Hyper hyper{{.num_envs = 16, .num_steps = 64, .max_episode_steps = 100, .hidden_size = 16},
                    {.seed = 1, .lr = 3e-3F}};
  const Outcome outcome = testing::run<CartPole>(hyper, 25);
  EXPECT_LT(reward_per_step(outcome.rows.front()), 1.01);
  const auto length = [](const UpdateRow& row) {
    return static_cast<double>(row.length_sum) / static_cast<double>(row.episodes);
  };
  EXPECT_LT(length(outcome.rows.front()), 30);
  EXPECT_GT(length(outcome.rows.back()), 60);
}

TEST(Engine, AgentsOfAPopulationAreTheSingleRunsOfTheirSeeds) {
  const Hyper hyper = small_hyper();
  CpuEngine population = testing::make_engine<NameIt>(hyper, 3);
  const std::vector<Outcome> together = testing::run(population, 3, 4, 2);
  for (std::uint64_t k = 0; k < 3; ++k) {
    SCOPED_TRACE(k);
    Hyper single = hyper;
    single.seed = hyper.seed + k;
    testing::expect_same(together[k], testing::run<NameIt>(single, 4));
  }
  EXPECT_NE(together[0].trace, together[1].trace);
  EXPECT_FALSE(testing::same_bytes(together[1].params, together[2].params));
}

TEST(Engine, FiveUpdatesAreFiveTimesOne) {
  const Hyper hyper = small_hyper();
  CpuEngine at_once = testing::make_engine<NameIt>(hyper);
  CpuEngine one_by_one = testing::make_engine<NameIt>(hyper);
  testing::expect_same(testing::run(at_once, 1, 5, 5)[0], testing::run(one_by_one, 1, 5, 1)[0]);
}

TEST(Engine, RowsCountUpdatesAndDescribeTheRun) {
  const Hyper hyper = small_hyper();
  const Outcome outcome = testing::run<NameIt>(hyper, 6);
  for (std::size_t u = 0; u < outcome.rows.size(); ++u) {
    const UpdateRow& row = outcome.rows[u];
    EXPECT_EQ(row.update, static_cast<std::int64_t>(u));
    EXPECT_GT(row.episodes, 0);
    EXPECT_LE(row.length_sum, row.episodes * hyper.max_episode_steps);
    EXPECT_LE(row.return_sum, static_cast<double>(row.length_sum));
    EXPECT_GT(row.loss_value, 0.0F);
    EXPECT_GT(row.grad_norm, 0.0F);
    EXPECT_GT(row.entropy, 0.0F);
    EXPECT_LT(row.entropy, 1.0987F);  // log 3
    EXPECT_GT(row.return_variance, 0.0F);
    EXPECT_GT(row.residual_variance, 0.0F);
    EXPECT_EQ(row.lr, hyper.lr);
    EXPECT_EQ(row.epochs, hyper.update_epochs);
  }
}

TEST(Engine, SeedAndEveryRateChangeTheRun) {
  const Hyper hyper = small_hyper();
  const Outcome outcome = testing::run<NameIt>(hyper, 2);
  const auto differs = [&](auto change) {
    Hyper changed = hyper;
    change(changed);
    return !testing::same_bytes(testing::run<NameIt>(changed, 2).params, outcome.params);
  };
  EXPECT_FALSE(differs([](Hyper&) {}));
  EXPECT_TRUE(differs([](Hyper& h) { h.seed = 8; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.lr *= 2; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.gamma = 0.5F; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.gae_lambda = 0.5F; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.clip_coef = 0.01F; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.ent_coef = 0.1F; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.vf_coef = 0.1F; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.max_grad_norm = 0.01F; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.norm_adv = false; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.clip_vloss = false; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.update_epochs = 3; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.num_minibatches = 4; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.max_episode_steps = 5; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.hidden_size = 8; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.activation = Activation::relu; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.norm_obs = true; }));
  EXPECT_TRUE(differs([](Hyper& h) { h.norm_reward = true; }));
  EXPECT_FALSE(differs([](Hyper& h) { h.log_std_init = 1; }));  // of continuous actions only
}

}  // namespace
}  // namespace ppo
