// How a team divides its work: every thing once, in order, evenly.
#include "engine/cpu/worker.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ppo {
namespace {

std::int64_t size_of(const Share& share) {
  return share.end - share.begin;
}

TEST(WorkerShare, CoversAllItemsOnceInOrderAndEvenly) {
  for (int count = 1; count <= 9; ++count) {
    for (std::int64_t items = 0; items <= 20; ++items) {
      SCOPED_TRACE(::testing::Message() << items << " items, " << count << " workers");
      std::int64_t next = 0;
      std::int64_t fewest = items;
      std::int64_t most = 0;
      for (int index = 0; index < count; ++index) {
        const Share share = Worker{.index = index, .count = count}.share(items);
        EXPECT_EQ(share.begin, next);
        EXPECT_LE(share.begin, share.end);
        next = share.end;
        fewest = std::min(fewest, size_of(share));
        most = std::max(most, size_of(share));
      }
      EXPECT_EQ(next, items);
      EXPECT_LE(most - fewest, 1);
    }
  }
}

TEST(WorkerShare, GivesRanksWholeItems) {
  std::int64_t next = 0;
  for (int rank = 0; rank < 3; ++rank) {
    EXPECT_EQ(next, 7 * rank / 3 * 2);
    for (int index = 0; index < 4; ++index) {
      const Share share = Worker{.index = index, .count = 4, .rank = rank, .ranks = 3}.share(7, 2);
      EXPECT_EQ(share.begin, next);
      next = share.end;
    }
  }
  EXPECT_EQ(next, 14);
  const Worker last{.index = 3, .count = 4, .rank = 2, .ranks = 3};
  EXPECT_EQ(last.share_in_team(8).begin, 6);
  EXPECT_EQ(last.share_in_team(8).end, 8);
}

// The most samples of a batch, 2^30, among the most threads and ranks.
TEST(WorkerShare, DoesNotOverflow) {
  constexpr std::int64_t kItems = std::int64_t{1} << 30;
  const Share last = Worker{.index = 1023, .count = 1024}.share(kItems);
  EXPECT_EQ(last.end, kItems);
  EXPECT_EQ(size_of(last), kItems / 1024);
  const Worker of_many{.index = 1023, .count = 1024, .rank = 4095, .ranks = 4096};
  EXPECT_EQ(of_many.share(kItems, 2).end, 2 * kItems);
}

TEST(Worker, AloneOwnsEverythingLeadsAndNeverWaits) {
  const Worker alone;
  EXPECT_EQ(alone.share(7).begin, 0);
  EXPECT_EQ(alone.share(7).end, 7);
  EXPECT_TRUE(alone.leads());
  alone.wait();  // has no barrier
  alone.end(Stage::rollout);
  EXPECT_FALSE((Worker{.index = 1, .count = 2}.leads()));
}

}  // namespace
}  // namespace ppo
