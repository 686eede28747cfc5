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

// The most samples of a batch, 2^30, among the most threads.
TEST(WorkerShare, DoesNotOverflow) {
  constexpr std::int64_t kItems = std::int64_t{1} << 30;
  const Share last = Worker{.index = 1023, .count = 1024}.share(kItems);
  EXPECT_EQ(last.end, kItems);
  EXPECT_EQ(size_of(last), kItems / 1024);
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
