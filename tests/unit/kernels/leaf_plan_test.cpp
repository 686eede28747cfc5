// Who adds up what: every leaf has one owner, every row one writer, and a reader finds every group.
#include "kernels/leaf_plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace ppo {
namespace {

/// Blocks that own part of a group.
std::set<int> owners(const LeafPlan& plan, int group) {
  std::set<int> blocks;
  for (int block = 0; block < plan.blocks; ++block) {
    for (int leaf = plan.begin(block); leaf < plan.begin(block + 1); ++leaf) {
      if (plan.group_of(leaf) == group) blocks.insert(block);
    }
  }
  return blocks;
}

/// A rank's blocks own the leaves of its groups, from `begin` on; returns where they end.
int check_rank(const LeafPlan& plan, int begin) {
  EXPECT_EQ(plan.begin(0), begin);
  EXPECT_EQ(plan.own.begin * kGroupLeaves, begin);
  std::map<int, int> leaf_of_row;
  for (int group = plan.own.begin; group < plan.own.end; ++group) {
    EXPECT_EQ(plan.split(group), owners(plan, group).size() > 1) << "group " << group;
    const int first = group * kGroupLeaves;
    const int stored = plan.split(group) ? plan.leaves_of(group) : 1;
    for (int leaf = first; leaf < first + stored; ++leaf) {
      const int row = plan.row(leaf);
      EXPECT_TRUE(row == group || row >= plan.groups) << "that of another group, which may be another rank's";
      EXPECT_LT(row, plan.rows());
      EXPECT_TRUE(leaf_of_row.emplace(row, leaf).second) << "row " << row << " is used twice";
      if (leaf > first + 1) {
        EXPECT_EQ(row, plan.row(leaf - 1) + 1);
      }
    }
  }
  return plan.begin(plan.blocks);
}

void check(std::int64_t minibatch, int blocks, int ranks) {
  SCOPED_TRACE(::testing::Message() << "minibatch " << minibatch << ", " << ranks << " ranks of " << blocks
                                    << " blocks");
  int begin = 0;
  for (int rank = 0; rank < ranks; ++rank) {
    const int end = check_rank({minibatch, blocks, rank, ranks}, begin);
    EXPECT_TRUE(end % kGroupLeaves == 0 || rank + 1 == ranks) << "a group of two ranks";
    begin = end;
  }
  EXPECT_EQ(begin, LeafPlan(minibatch, blocks).leaves);
}

TEST(LeafPlan, GivesEveryStoredSumARowOfItsOwn) {
  for (const std::int64_t minibatch :
       {1, 15, 16, 17, 127, 128, 129, 300, 2048, 2049, 4096, 32768, 32769, 100000}) {
    for (const int blocks : {1, 2, 3, 5, 8, 16, 17, 64, 127, 128, 132, 133, 264}) {
      for (const int ranks : {1, 5}) check(minibatch, blocks, ranks);
    }
  }
}

TEST(LeafPlan, OneBlockSplitsNothingAndLeavesOneRowAGroup) {
  const LeafPlan plan(2048, 1);
  EXPECT_EQ(plan.leaves, 128);
  EXPECT_EQ(plan.rows(), 16);
}

}  // namespace
}  // namespace ppo
