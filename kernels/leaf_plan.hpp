// Which block of a team adds up which leaves of a minibatch's gradient, and where it leaves the sums. Full of
// divisions, which take a GPU longer than adding up a leaf: a block asks once a launch (WorkPlan).
#pragma once

#include <cstdint>

#include "ppo/gradient.hpp"

namespace ppo {

/// [begin, end)
struct BlockShare {
  int begin;
  int end;
};

/// Whole things, in order, as even as can be.
PPO_HD inline BlockShare share_of(std::int64_t items, int index, int count) {
  return {static_cast<int>(items * index / count), static_cast<int>(items * (index + 1) / count)};
}

/// Every block owns a range of leaves, as even as can be. A group that lies within one block's range leaves
/// one row, its sum. A group that a boundary between two ranges splits leaves a row a leaf, for whoever reads
/// them to add in order. With one block no group is split, and with many all are. Of several ranks each has a
/// range of whole groups, of which its blocks own the leaves.
struct LeafPlan {
  int blocks;      // of the team
  int leaves;      // of the minibatch, at most 2048
  int groups;      // of the minibatch
  BlockShare own;  // groups of the rank

  PPO_HD LeafPlan(std::int64_t minibatch, int team_blocks, int rank = 0, int ranks = 1)
      : blocks(team_blocks),
        leaves(static_cast<int>((minibatch + leaf_samples(minibatch) - 1) / leaf_samples(minibatch))),
        groups(static_cast<int>(group_count(minibatch))),
        own(share_of(groups, rank, ranks)) {}

  /// First leaf of a block; that of block number `blocks` is the end.
  PPO_HD int begin(int block) const {
    return first_leaf() + static_cast<int>(std::int64_t{own_leaves()} * block / blocks);
  }

  PPO_HD static int group_of(int leaf) { return leaf / kGroupLeaves; }
  PPO_HD int leaves_of(int group) const { return min(kGroupLeaves, leaves - group * kGroupLeaves); }

  /// The first block whose range begins inside the group (not at its start), which is one of the rank's own,
  /// as in all that follows.
  PPO_HD int first_split(int group) const {
    const std::int64_t inside = group * kGroupLeaves + 1 - first_leaf();
    return static_cast<int>((inside * blocks + own_leaves() - 1) / own_leaves());
  }
  PPO_HD bool split(int group) const {
    const int block = first_split(group);
    return block < blocks && begin(block) < group * kGroupLeaves + leaves_of(group);
  }

  /// The row of a leaf of a split group, or of a whole group with its first leaf. Rows 0 to groups - 1 are
  /// the groups' first leaves; what else split groups need follows, numbered by the boundary that splits
  /// them.
  PPO_HD int row(int leaf) const {
    const int group = group_of(leaf);
    const int in_group = leaf % kGroupLeaves;
    if (in_group == 0) return group;
    return groups + (first_split(group) - 1) * (kGroupLeaves - 1) + in_group - 1;
  }

  /// Rows to make room for.
  PPO_HD int rows() const { return groups + (blocks - 1) * (kGroupLeaves - 1); }

 private:
  PPO_HD int first_leaf() const { return own.begin * kGroupLeaves; }
  PPO_HD int own_leaves() const { return min(own.end * kGroupLeaves, leaves) - first_leaf(); }
};

}  // namespace ppo
