// The update's loop, written out once more from its description: stages in order, a fresh shuffle for every
// epoch and update, one rollout's log-probabilities for all epochs.
#include "engine/cpu/reference/stages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ppo/init.hpp"
#include "unit/ppo/agent_block.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::NameIt;
using Block = testing::AgentBlock<NameIt>;

constexpr Hyper kHyper{{.total_timesteps = 4 * 20 * 30,
                        .num_envs = 20,  // two chunks
                        .num_steps = 30,
                        .num_minibatches = 3,
                        .max_episode_steps = 12,
                        .hidden_size = 4},
                       {.seed = 12, .lr = 4e-3F, .update_epochs = 2, .anneal_lr = true}};
constexpr std::int64_t P = layout_of<NameIt>(kHyper.hidden_size).size();

/// Means over the update's minibatches, of what is seen of each before its step.
struct Means {
  double policy = 0, value = 0, entropy = 0, approx_kl = 0, clip_fraction = 0, grad_norm = 0;
};

Means update_by_hand(const Hyper& hyper, Block& agent, std::uint32_t update) {
  reference::rollout(hyper, *agent);
  reference::values(hyper, *agent);
  reference::advantages(hyper, *agent);
  const auto& chunks = agent->rollout.chunks;
  const Normaliser<float> to_unit = normaliser(merge(chunks[0].advantage, chunks[1].advantage), true);
  Means means;
  for (std::uint32_t epoch = 0; epoch < 2; ++epoch) {
    const Permutation shuffle(DrawKey{.seed = 12, .update = update, .step = epoch}, 600);
    for (std::int64_t first = 0; first < 600; first += 200) {
      reference::gradient(hyper, *agent, Minibatch<Permutation>{shuffle, to_unit, first, 200},
                          agent.worker());
      reference::reduce(*agent, 200);
      const float norm =
          reference::adam_step(*agent, agent->powers, hyper.lr * (1 - 0.25F * static_cast<float>(update)));
      const auto term = [&](int i) { return static_cast<double>(agent->sums[P + i]) / 6; };
      means.policy += term(kPolicyTerm);
      means.value += term(kValueTerm);
      means.entropy += term(kEntropyTerm);
      means.approx_kl += term(kApproxKlTerm);
      means.clip_fraction += term(kClipFractionTerm);
      means.grad_norm += static_cast<double>(norm) / 6;
    }
  }
  return means;
}

UpdateRow run_update(Block& agent) {
  UpdateNotes notes;
  update<reference::Stages>(kHyper, *agent, agent.worker(), notes);
  return notes.row();
}

TEST(UpdateLoop, IsTheStagesInOrderWithAFreshShuffleEveryEpochAndUpdate) {
  Block agent(kHyper), by_hand(kHyper);
  init_agent(kHyper, kHyper, *agent);
  init_agent(kHyper, kHyper, *by_hand);
  for (std::uint32_t update = 0; update < 4; ++update) {
    SCOPED_TRACE(update);
    const UpdateRow row = run_update(agent);
    by_hand->update = update;
    const Means means = update_by_hand(kHyper, by_hand, update);
    for (std::int64_t p = 0; p < P; ++p) {
      ASSERT_EQ(agent->params[p], by_hand->params[p]) << p;
      ASSERT_EQ(agent->moment1[p], by_hand->moment1[p]) << p;
      ASSERT_EQ(agent->moment2[p], by_hand->moment2[p]) << p;
    }
    EXPECT_NEAR(static_cast<double>(row.loss_policy), means.policy, 1e-6);
    EXPECT_NEAR(static_cast<double>(row.loss_value), means.value, 1e-5);
    EXPECT_NEAR(static_cast<double>(row.entropy), means.entropy, 1e-6);
    EXPECT_NEAR(static_cast<double>(row.approx_kl), means.approx_kl, 1e-6);
    EXPECT_NEAR(static_cast<double>(row.clip_fraction), means.clip_fraction, 1e-6);
    EXPECT_NEAR(static_cast<double>(row.grad_norm), means.grad_norm, 1e-5);
    EXPECT_EQ(agent->update, update + 1);
  }
}

// The row's other numbers, from the rollout that is still in memory.
TEST(UpdateLoop, RowDescribesTheRollout) {
  Block agent(kHyper);
  init_agent(kHyper, kHyper, *agent);
  const UpdateRow row = run_update(agent);
  const auto& rollout = agent->rollout;
  double returns = 0;
  std::int64_t lengths = 0, episodes = 0;
  double least = 1e9, greatest = -1e9;
  std::vector<double> ret, residual;
  for (int n = 0; n < 20; ++n) {
    double episode_return = 0;
    std::int64_t length = 0;
    for (int t = 0; t < 30; ++t) {
      const int i = t * 20 + n;
      episode_return += static_cast<double>(rollout.reward[i]);
      ++length;
      residual.push_back(static_cast<double>(rollout.advantage[i]));
      ret.push_back(static_cast<double>(rollout.advantage[i]) + static_cast<double>(rollout.value[i]));
      if (rollout.ended[i] == kRunning) continue;
      returns += episode_return;
      lengths += length;
      least = std::min(least, episode_return);
      greatest = std::max(greatest, episode_return);
      ++episodes;
      episode_return = 0;
      length = 0;
    }
  }
  EXPECT_EQ(row.return_sum, returns);
  EXPECT_EQ(row.length_sum, lengths);
  EXPECT_EQ(row.episodes, episodes);
  EXPECT_LT(least, greatest);
  EXPECT_EQ(static_cast<double>(row.return_min), least);
  EXPECT_EQ(static_cast<double>(row.return_max), greatest);
  const auto population_variance = [](const std::vector<double>& x) {
    double mean = 0, square = 0;
    for (const double entry : x) mean += entry / static_cast<double>(x.size());
    for (const double entry : x) square += (entry - mean) * (entry - mean);
    return square / static_cast<double>(x.size());
  };
  EXPECT_NEAR(static_cast<double>(row.return_variance), population_variance(ret), 1e-5);
  EXPECT_NEAR(static_cast<double>(row.residual_variance), population_variance(residual), 1e-5);
}

TEST(UpdateLoop, RowOfAnUpdateThatEndsNoEpisodeHasZeros) {
  Hyper hyper = kHyper;
  hyper.seed = 14;
  hyper.max_episode_steps = 0;
  hyper.num_steps = 1;
  Block agent(hyper);
  init_agent(hyper, hyper, *agent);
  UpdateNotes notes;
  update<reference::Stages>(hyper, *agent, agent.worker(), notes);
  ASSERT_EQ(notes.row().episodes, 0);
  EXPECT_EQ(notes.row().return_min, 0.0F);
  EXPECT_EQ(notes.row().return_max, 0.0F);
}

}  // namespace
}  // namespace ppo
