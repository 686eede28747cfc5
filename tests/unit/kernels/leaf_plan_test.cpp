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

void check(std::int64_t minibatch, int blocks) {
  SCOPED_TRACE(::testing::Message() << "minibatch " << minibatch << ", " << blocks << " blocks");
  const LeafPlan plan(minibatch, blocks);
  EXPECT_EQ(plan.begin(0), 0);
  EXPECT_EQ(plan.begin(blocks), plan.leaves);
  std::map<int, int> leaf_of_row;
  for (int group = 0; group < plan.groups; ++group) {
    EXPECT_EQ(plan.split(group), owners(plan, group).size() > 1) << "group " << group;
    const int first = group * kGroupLeaves;
    const int stored = plan.split(group) ? plan.leaves_of(group) : 1;
    for (int leaf = first; leaf < first + stored; ++leaf) {
      const int row = plan.row(leaf);
      EXPECT_GE(row, 0);
      EXPECT_LT(row, plan.rows());
      EXPECT_TRUE(leaf_of_row.emplace(row, leaf).second) << "row " << row << " is used twice";
      if (leaf > first + 1) {
        EXPECT_EQ(row, plan.row(leaf - 1) + 1);
      }
    }
  }
}

TEST(LeafPlan, GivesEveryStoredSumARowOfItsOwn) {
  for (const std::int64_t minibatch :
       {1, 15, 16, 17, 127, 128, 129, 300, 2048, 2049, 4096, 32768, 32769, 100000}) {
    for (const int blocks : {1, 2, 3, 5, 8, 16, 17, 64, 127, 128, 132, 133, 264}) check(minibatch, blocks);
  }
}

TEST(LeafPlan, OneBlockSplitsNothingAndLeavesOneRowAGroup) {
  const LeafPlan plan(2048, 1);
  EXPECT_EQ(plan.leaves, 128);
  EXPECT_EQ(plan.rows(), 16);
}

}  // namespace
}  // namespace ppo
