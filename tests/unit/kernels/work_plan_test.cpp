// What ranks and their blocks own: every environment and every leaf once, and of the rest what each rank does
// for itself.
#include "kernels/work_plan.hpp"

#include <gtest/gtest.h>

#include "kernels/ranks/arrays.hpp"
#include "ppo/env/cartpole.hpp"

namespace ppo {
namespace {

using Agent32 = SizedAgent<CartPole, 32>;

Launch launch_of(int num_envs, int blocks, int rank, int ranks) {
  Launch launch{};
  launch.sizes = {.num_envs = num_envs, .num_steps = 16, .num_minibatches = 1, .hidden_size = 32};
  launch.num_teams = 1;
  launch.blocks_per_agent = blocks;
  launch.cluster_blocks = 1;
  launch.link.rank = rank;
  launch.link.ranks = ranks;
  return launch;
}

WorkPlan plan_of(const Launch& launch, int block) {
  WorkPlan plan{};
  make_plan<Agent32>(launch, block, plan);
  plan_rows(launch, 0, 1, plan);
  return plan;
}

TEST(WorkPlan, DealsEverythingOutToRanksAndBlocks) {
  for (const int num_envs : {1, 2, 16, 37, 100}) {
    for (const int ranks : {1, 2, 3, 5}) {
      for (const int blocks : {1, 2, 3}) {
        SCOPED_TRACE(::testing::Message()
                     << num_envs << " environments, " << ranks << " ranks of " << blocks);
        int env = 0;
        int leaf = 0;
        for (int rank = 0; rank < ranks; ++rank) {
          int chunk = 0;
          int slice = 0;
          for (int block = 0; block < blocks; ++block) {
            const Launch launch = launch_of(num_envs, blocks, rank, ranks);
            const WorkPlan plan = plan_of(launch, block);
            for (const auto& [share, end] : {std::pair{plan.envs, &env},
                                             {plan.leaves, &leaf},
                                             {plan.chunks, &chunk},
                                             {plan.slices, &slice}}) {
              EXPECT_EQ(share.begin, *end);
              *end = share.end;
            }
            EXPECT_EQ(plan.folds, blocks == 1 && ranks == 1);
          }
          EXPECT_EQ(chunk, chunk_count(launch_of(num_envs, 1, 0, 1).sizes));
          EXPECT_EQ(slice, slice_count(Agent32::P));
        }
        EXPECT_EQ(env, num_envs);
        EXPECT_EQ(leaf, LeafPlan(num_envs * 16, 1).leaves);
      }
    }
  }
}

/// Of a part of so many ranks.
std::int64_t bytes_of(const Sizes& sizes, Exchanged what, int ranks) {
  RankArrays arrays{};
  list_arrays(sizes, Agent32{}, what, arrays);
  return arrays.units(ranks) * kPackedUnit;
}

TEST(RankArrays, HoldWhatEnvironmentsAndGroupsLeave) {
  const Sizes sizes = launch_of(37, 1, 0, 1).sizes;
  const std::int64_t a_sample = 4 * 4 + 1 + 4 + 4 + 1 + 4;  // CartPole's: observation, action, ...
  for (const auto& [ranks, envs] : {std::pair{1, 37}, {2, 19}, {3, 13}, {40, 1}}) {
    const std::int64_t rollout = bytes_of(sizes, Exchanged::rollout, ranks);
    EXPECT_GE(rollout, envs * 16 * a_sample);
    EXPECT_LE(rollout, envs * 16 * a_sample + envs * 160 + 12 * 16);
    const std::int64_t moments = envs * 5 * std::int64_t{sizeof(Moments<double>)};
    EXPECT_NEAR(static_cast<double>(bytes_of(sizes, Exchanged::rollout_with_statistics, ranks)),
                static_cast<double>(rollout + moments), 80);
  }
  const std::int64_t group = Agent32::kRowPitch * 4;  // of five
  EXPECT_EQ(bytes_of(sizes, Exchanged::gradient, 2),
            (3 * group + kPackedUnit - 1) / kPackedUnit * kPackedUnit);
}

}  // namespace
}  // namespace ppo
