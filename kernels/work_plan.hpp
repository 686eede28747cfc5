// What a block does in every minibatch and update of a launch, computed once: each division that leads to it
// would take longer than a barrier.
#pragma once

#include "kernels/launch.hpp"
#include "kernels/leaf_plan.hpp"
#include "kernels/sizes.hpp"
#include "ppo/adam.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// Of one block, which is number `index` of the `blocks` of its team.
struct WorkPlan {
  int team;
  int index;
  int blocks;
  BlockShare envs;    // of those of its rank
  BlockShare chunks;  // of all: each rank computes all advantages
  BlockShare slices;
  BlockShare leaves;
  BlockShare own_groups;  // of the rank
  int all_leaves;         // of a minibatch
  int groups;             // likewise
  int leaf_size;          // [samples]
  int truncations;        // most of them in an environment's rollout
  int carry_row;          // where this block keeps what a leaf of several tiles has no registers for
  bool folds;             // the block adds up all groups by itself: their sum in row 0, and no other row

  /// Where a team's blocks leave the sums of group g: a group that one block adds up alone in row g, of a
  /// group that is split its first leaf in row g and the others from this row on. 0: it is not split. Of a
  /// rank's own groups; sums of all others come to their rows g whole.
  std::int16_t second_row[kMostGroups];

  PPO_HD bool is_split(int group) const { return second_row[group] != 0; }

  /// The row of leaf number `leaf` of a split group, or of its whole group.
  PPO_HD int row(int leaf) const {
    const int group = leaf / kGroupLeaves;
    const int in_group = leaf % kGroupLeaves;
    if (folds) return 0;
    return is_split(group) && in_group > 0 ? second_row[group] + in_group - 1 : group;
  }
};

/// The plan of the leaves of a launch's rank.
PPO_HD inline LeafPlan leaf_plan(const Launch& launch) {
  return {minibatch_size(launch.sizes), launch.blocks_per_agent, launch.link.rank, launch.link.ranks};
}

/// By one thread, but for the rows.
template <class Agent>
PPO_HD void make_plan(const Launch& launch, int block, WorkPlan& plan) {
  const Sizes& sizes = launch.sizes;
  const std::int64_t minibatch = minibatch_size(sizes);
  plan.blocks = launch.blocks_per_agent;
  plan.team = block / plan.blocks;
  plan.index = block % plan.blocks;
  const auto share = [&](int items) { return share_of(items, plan.index, plan.blocks); };
  const BlockShare envs = share_of(sizes.num_envs, launch.link.rank, launch.link.ranks);
  const BlockShare within = share(envs.end - envs.begin);
  plan.envs = {envs.begin + within.begin, envs.begin + within.end};
  plan.chunks = share(chunk_count(sizes));
  plan.slices = launch.cluster_blocks > 1  // every cluster has them all
                    ? share_of(slice_count(Agent::P), plan.index % kClusterBlocks, kClusterBlocks)
                    : share(slice_count(Agent::P));
  const LeafPlan leaves = leaf_plan(launch);
  plan.own_groups = leaves.own;
  plan.leaves = {leaves.begin(plan.index), leaves.begin(plan.index + 1)};
  plan.all_leaves = leaves.leaves;
  plan.groups = leaves.groups;
  plan.leaf_size = static_cast<int>(leaf_samples(minibatch));
  plan.truncations = static_cast<int>(max_truncations(sizes));
  plan.carry_row = leaves.rows() + plan.index;
  plan.folds = plan.blocks == 1 && launch.link.ranks == 1 && !Agent::kLarge;
}

/// The rows of the rank's groups number first, first + step, ...
PPO_HD inline void plan_rows(const Launch& launch, int first, int step, WorkPlan& plan) {
  const LeafPlan leaves = leaf_plan(launch);
  for (int group = leaves.own.begin + first; group < leaves.own.end; group += step) {
    const int second = leaves.split(group) ? leaves.row(group * kGroupLeaves + 1) : 0;
    plan.second_row[group] = static_cast<std::int16_t>(second);
  }
}

}  // namespace ppo
