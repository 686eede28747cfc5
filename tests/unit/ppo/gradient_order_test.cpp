// The order in which a minibatch's gradient is summed: leaves and groups by minibatch size, and the stage
// that follows it, to the bit.
#include <gtest/gtest.h>

#include <vector>

#include "engine/cpu/reference/stages.hpp"
#include "ppo/env/cartpole.hpp"
#include "ppo/init.hpp"
#include "unit/ppo/agent_block.hpp"

namespace ppo {
namespace {

std::vector<std::int64_t> minibatch_sizes() {
  std::vector<std::int64_t> sizes;
  for (std::int64_t m = 1; m <= 5000; ++m) sizes.push_back(m);
  for (std::int64_t m = 1 << 13; m <= 1 << 22; m *= 2) {
    for (const std::int64_t near : {m - 1, m, m + 1, m + m / 2, m + m / 3}) sizes.push_back(near);
  }
  return sizes;
}

TEST(GradientOrder, LeavesOf16AndGroupsOf128UpTo32768) {
  for (const std::int64_t m : minibatch_sizes()) {
    if (m > 32768) continue;
    ASSERT_EQ(leaf_samples(m), 16) << m;
    ASSERT_EQ(group_samples(m), 128) << m;
    ASSERT_EQ(group_count(m), (m + 127) / 128) << m;
  }
}

TEST(GradientOrder, NeverMoreThan256Groups) {
  for (const std::int64_t m : minibatch_sizes()) {
    ASSERT_GE(group_count(m), 1) << m;
    ASSERT_LE(group_count(m), 256) << m;
    if (m > 32768) {
      ASSERT_GT(group_count(m), 127) << m;  // still enough to share
    }
  }
}

TEST(GradientOrder, GroupsCoverEverySampleOnceInWholeLeaves) {
  for (const std::int64_t m : minibatch_sizes()) {
    ASSERT_EQ(group_samples(m), 8 * leaf_samples(m)) << m;
    ASSERT_EQ(leaf_samples(m) % 16, 0) << m;
    const std::int64_t last = (group_count(m) - 1) * group_samples(m);  // where the last group begins
    ASSERT_LT(last, m) << m;
    ASSERT_GE(last + group_samples(m), m) << m;
  }
}

using Block = testing::AgentBlock<CartPole>;
using Minibatch = ppo::Minibatch<Permutation>;

/// A rollout of random numbers, in which most samples are inside the ratio's range.
void fill(const Hyper& hyper, Block& agent) {
  init_params(agent->layout, 1, 0.0F, agent->params.get());
  auto& rollout = agent->rollout;
  for (std::int64_t i = 0; i < batch_size(hyper); ++i) {
    Draws draws({.seed = 31, .environment = static_cast<std::uint32_t>(i)}, Purpose::environment);
    for (int o = 0; o < 4; ++o) rollout.obs[i * 4 + o] = draws.uniform(-1.0F, 1.0F);
    rollout.action[i] = static_cast<std::uint8_t>(draws.bits() % 2);
    rollout.logp[i] = -0.69F + draws.uniform(-0.3F, 0.3F);
    rollout.value[i] = draws.uniform(-1.0F, 1.0F);
    rollout.advantage[i] = draws.uniform(-2.0F, 2.0F);
  }
}

/// Adds the shuffled samples [begin, end) to sums, as the contract's chain.
template <class Real>
void add_range(const Hyper& hyper, Block& agent, const Minibatch& minibatch, std::int64_t begin,
               std::int64_t end, std::vector<Real>& sums) {
  const LossCoefs<Real> coefs{static_cast<Real>(hyper.clip_coef), static_cast<Real>(hyper.ent_coef),
                              static_cast<Real>(hyper.vf_coef), hyper.clip_vloss};
  const std::vector<Real> params(agent->params.get(), agent->params + agent->layout.size());
  const auto& rollout = agent->rollout;
  for (std::int64_t k = begin; k < end; ++k) {
    const std::int64_t i = minibatch.order(static_cast<std::uint32_t>(minibatch.first + k));
    const auto real = [](auto x) { return static_cast<Real>(x); };
    Real obs[4];
    for (int o = 0; o < 4; ++o) obs[o] = real(rollout.obs[i * 4 + o]);
    const float normalised = (rollout.advantage[i] - minibatch.normaliser.shift) * minibatch.normaliser.scale;
    const Sample<Real> sample{{real(rollout.action[i])},
                              real(rollout.logp[i]),
                              real(rollout.value[i]),
                              real(normalised),
                              real(rollout.advantage[i] + rollout.value[i])};
    add_sample<Block::Agent::Head>(agent->layout, hyper.activation, params.data(), coefs,
                                   static_cast<const Real*>(obs), sample, sums.data());
  }
}

class GradientStage : public ::testing::TestWithParam<std::int32_t> {
 protected:
  // Two minibatches, of which the second is computed: it does not begin at the permutation's first.
  Hyper hyper_{{.num_envs = 2, .num_steps = GetParam(), .num_minibatches = 2, .hidden_size = 4}, {}};
  Block agent_{hyper_};
  Minibatch minibatch_{Permutation({.seed = 6}, static_cast<std::uint32_t>(batch_size(hyper_))),
                       {0.25F, 0.5F},
                       GetParam(),
                       GetParam()};

  void SetUp() override { fill(hyper_, agent_); }
};

TEST_P(GradientStage, SumsLeavesIntoGroupsAndGroupsIntoMeans) {
  reference::gradient(hyper_, *agent_, minibatch_, agent_.worker());
  reference::reduce(*agent_, minibatch_.size);

  const auto size = static_cast<std::size_t>(sums_size(agent_->layout));
  const std::int64_t M = minibatch_.size;
  std::vector<float> total;
  for (std::int64_t group = 0; group < M; group += 128) {
    std::vector<float> group_sum;
    for (std::int64_t leaf = group; leaf < std::min(group + 128, M); leaf += 16) {
      std::vector<float> leaf_sum(size);
      add_range(hyper_, agent_, minibatch_, leaf, std::min(leaf + 16, M), leaf_sum);
      if (group_sum.empty()) {
        group_sum = leaf_sum;
      } else {
        for (std::size_t p = 0; p < size; ++p) group_sum[p] += leaf_sum[p];
      }
    }
    if (total.empty()) {
      total = group_sum;
    } else {
      for (std::size_t p = 0; p < size; ++p) total[p] += group_sum[p];
    }
  }
  for (std::size_t p = 0; p < size; ++p) {
    ASSERT_EQ(agent_->sums[p], total[p] * (1.0F / static_cast<float>(M))) << "entry " << p;
  }
}

TEST_P(GradientStage, AgreesWithAPlainMeanInDouble) {
  reference::gradient(hyper_, *agent_, minibatch_, agent_.worker());
  reference::reduce(*agent_, minibatch_.size);
  const auto P = static_cast<std::size_t>(agent_->layout.size());
  std::vector<double> sums(P + kLossTerms);
  add_range(hyper_, agent_, minibatch_, 0, minibatch_.size, sums);
  double square = 0;
  for (std::size_t p = 0; p < sums.size(); ++p) {
    const double mean = sums[p] / static_cast<double>(minibatch_.size);
    ASSERT_NEAR(static_cast<double>(agent_->sums[p]), mean, 2e-6) << "entry " << p;
    if (p < P) square += mean * mean;
  }
  const float* squares = agent_->squares;
  EXPECT_NEAR(static_cast<double>(global_norm(squares, slice_count(agent_->layout.size()))),
              std::sqrt(square), 1e-5 * std::sqrt(square));
}

INSTANTIATE_TEST_SUITE_P(Sizes, GradientStage, ::testing::Values(1, 15, 16, 17, 128, 129, 300, 1024),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace ppo
