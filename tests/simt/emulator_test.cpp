// The emulator's own tests: kernels that are right come out right in every order, and what is missing is
// missed.
#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <map>
#include <set>

#include "simt/sanitizers.hpp"
#include "simt/small_kernels.hpp"

namespace ppo::simt::test {
namespace {

constexpr std::uint64_t kSeeds = 20;

std::vector<Schedule> schedules() {
  std::vector<Schedule> all;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Starve starve : {Starve::kNone, Starve::kBlock, Starve::kWarp, Starve::kChanging}) {
      for (const int stay : {1, 64}) all.push_back({.seed = seed, .starve = starve, .stay = stay});
    }
  }
  return all;
}

TEST(Simt, SumsAreRightInEveryOrder) {
  for (const Schedule& schedule : schedules()) {
    EXPECT_TRUE(sums_right(block_sum, schedule)) << schedule.seed;
    EXPECT_TRUE(sums_right(group_sum, schedule)) << schedule.seed;
  }
}

TEST(Simt, BlocksMeetByCounters) {
  for (const Schedule& schedule : schedules()) EXPECT_TRUE(ring_right(4, schedule)) << schedule.seed;
  for (int block = 0; block < 4; ++block) {
    EXPECT_TRUE(ring_right(4, {.starve = Starve::kBlock, .starved = block}));
    EXPECT_TRUE(ring_right(4, {.starve = Starve::kWarp, .starved = block * kWarps}));
  }
}

TEST(Simt, ClustersSumInOrder) {
  for (const Schedule& schedule : schedules()) {
    EXPECT_TRUE(cluster_sums_right(probes::cluster_sum, 3, schedule)) << schedule.seed;
    EXPECT_TRUE(cluster_sums_right(probes::cluster_share, 3, schedule)) << schedule.seed;
  }
  for (const int blocks : {1, 2, 8, kMaxClusterBlocks}) {
    for (const Starve starve : {Starve::kNone, Starve::kBlock, Starve::kWarp, Starve::kChanging}) {
      EXPECT_TRUE(cluster_sums_right(probes::cluster_sum, blocks, {.starve = starve})) << blocks;
      EXPECT_TRUE(cluster_sums_right(probes::cluster_share, blocks, {.starve = starve})) << blocks;
    }
  }
}

TEST(Simt, ShufflesCarryWhatFits) {
  struct Pair {
    std::int16_t a;
    float b;
  };
  launch({.threads = 32}, {}, [] {
    const int lane = device::thread_index();
    EXPECT_EQ(device::shuffle(static_cast<std::uint8_t>(lane), 31), 31);
    EXPECT_EQ(device::shuffle(0.5 * lane, (lane + 1) % 32), 0.5 * ((lane + 1) % 32));
    const Pair pair = device::shuffle_xor(Pair{static_cast<std::int16_t>(-lane), 2.0f}, 3);
    EXPECT_EQ(pair.a, -(lane ^ 3));
  });
}

/// The order in which threads come to a kernel's line, after a barrier.
std::vector<int> order_of(const Schedule& schedule) {
  std::vector<int> order(2 * kThreads);
  std::atomic<std::size_t> next = 0;
  launch({.blocks = 2, .threads = kThreads}, schedule, [&] {
    device::sync_warp();
    order[next++] = device::block_index() * kThreads + device::thread_index();
  });
  return order;
}

TEST(Simt, TheSeedDecidesTheOrder) {
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    orders.insert(order_of({.seed = seed}));
    EXPECT_EQ(order_of({.seed = seed, .starve = Starve::kChanging}),
              order_of({.seed = seed, .starve = Starve::kChanging}));
  }
  EXPECT_EQ(orders.size(), kSeeds);
}

TEST(Simt, TheStarvedComeLast) {
  const std::vector<int> block = order_of({.starve = Starve::kBlock, .starved = 0});
  for (std::size_t i = 0; i < block.size(); ++i) EXPECT_EQ(block[i] < kThreads, i >= kThreads);
  const std::vector<int> warp = order_of({.starve = Starve::kWarp, .starved = 3});
  for (std::size_t i = 0; i < warp.size(); ++i) EXPECT_EQ(warp[i] / kWarpThreads == 3, i >= 7 * kWarpThreads);
}

TEST(Simt, SharedMemoryIsPoisoned) {
  launch({.blocks = 2, .threads = 32, .shared_bytes = 4 * sizeof(float)}, {}, [] {
    const auto* memory = reinterpret_cast<const float*>(device::shared_memory());
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 16, 0u);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(memory[i]));
  });
}

TEST(Simt, RecordsCallSitesOfClusters) {
  LaunchRecord record;
  cluster_sums_right(probes::cluster_sum, 2, {}, &record);
  std::map<Call, std::uint64_t> calls;
  for (const SiteUse& site : record.sites) calls[site.call] += site.calls;
  constexpr std::uint64_t kEach = 4 * probes::kClusterThreads * 2;  // blocks, rounds
  EXPECT_EQ(calls, (std::map<Call, std::uint64_t>{{Call::kSyncCluster, kEach},
                                                  {Call::kArriveCluster, kEach},
                                                  {Call::kWaitCluster, kEach},
                                                  {Call::kLoadFromBlock, 2 * kEach}}));
}

TEST(Simt, RecordsCallSites) {
  LaunchRecord record;
  ring_right(2, {}, &record);
  std::multiset<Call> calls;
  for (const SiteUse& site : record.sites) {
    calls.insert(site.call);
    EXPECT_TRUE(site.file.ends_with("small_kernels.hpp"));
    if (site.call == Call::kSyncBlock) {
      EXPECT_EQ(site.calls, 2u * 2 * kThreads);
    } else if (site.call == Call::kArrive) {
      EXPECT_EQ(site.calls, 2u * 2);
    }
  }
  EXPECT_EQ(calls.count(Call::kSyncBlock), 2u);
  EXPECT_EQ(calls.count(Call::kArrive), 1u);
  EXPECT_EQ(calls.count(Call::kLook), 1u);
  EXPECT_GT(record.switches, 1000u);
}

/// Whether some schedule gives a wrong result, or an error, without that call site.
bool missed(const SiteUse& site, std::int64_t only, const std::function<bool(const Schedule&)>& right) {
  for (Schedule schedule : schedules()) {
    schedule.removed = CallSite{site.file.substr(site.file.rfind('/') + 1), site.line, only};
    try {
      if (!right(schedule)) return true;
    } catch (const SimtError&) {
      return true;
    }
  }
  return false;
}

TEST(Simt, EveryBarrierIsMissed) {
#ifdef SIMT_THREAD_SANITIZER
  GTEST_SKIP() << "races on purpose; race_program has those that ThreadSanitizer must see";
#endif
  const auto all_missed = [](const std::function<bool(const Schedule&, LaunchRecord*)>& right) {
    LaunchRecord record;
    EXPECT_TRUE(right({}, &record));
    for (const SiteUse& site : record.sites) {
      // Without the order of an arrival only ThreadSanitizer sees something wrong.
      if (site.call == Call::kArriveCluster || !(is_barrier(site.call) || site.call == Call::kLook)) continue;
      for (const int only : {-1, 0}) {
        EXPECT_TRUE(missed(site, only, [&](const Schedule& schedule) { return right(schedule, nullptr); }))
            << to_string(site.call) << " in line " << site.line << ", " << only;
      }
    }
  };
  all_missed([](const Schedule& s, LaunchRecord* record) { return sums_right(block_sum, s, record); });
  all_missed([](const Schedule& s, LaunchRecord* record) { return sums_right(group_sum, s, record); });
  all_missed([](const Schedule& s, LaunchRecord* record) { return ring_right(3, s, record); });
  all_missed(
      [](const Schedule& s, LaunchRecord* r) { return cluster_sums_right(probes::cluster_sum, 3, s, r); });
  all_missed(
      [](const Schedule& s, LaunchRecord* r) { return cluster_sums_right(probes::cluster_share, 3, s, r); });
}

TEST(Simt, ClocksGrowAndReciprocalsAreEstimates) {
  std::set<std::int32_t> errors;
  launch({.threads = 32}, {}, [&] {
    const std::uint64_t before = device::clock_cycles();
    EXPECT_GT(device::clock_cycles(), before);
    if (device::thread_index() != 0) return;
    for (float x = 0.1f; x < 100.0f; x *= 1.1f) {
      errors.insert(std::bit_cast<std::int32_t>(device::reciprocal_estimate(x)) -
                    std::bit_cast<std::int32_t>(1.0f / x));
    }
  });
  EXPECT_EQ(errors, (std::set<std::int32_t>{-1, 0, 1}));
  EXPECT_EQ(device::reciprocal_estimate(INFINITY), 0.0f);
}

}  // namespace
}  // namespace ppo::simt::test
