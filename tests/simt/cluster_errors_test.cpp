// The emulator's own tests: what a kernel must not do with the blocks of its cluster.
#include "simt/device.hpp"
#include "simt/errors.hpp"

namespace ppo::simt::test {
namespace {

/// Two clusters of two blocks, each of 64 threads and 32 bytes.
constexpr GridShape kClusters{.blocks = 4, .cluster_blocks = 2, .threads = 64, .shared_bytes = 32};

TEST(SimtClusterErrors, FindsHalvesThatDoNotAlternate) {
  expect_error(error_of(kClusters, [] { device::wait_cluster(); }),
               {"wait_cluster at ", "without having arrived"});
  const auto twice = [] {
    device::arrive_cluster();
    if (device::block_index() == 3 && device::thread_index() == 5) device::sync_cluster();
    device::wait_cluster();
  };
  expect_error(error_of(kClusters, twice),
               {"block 3 thread 5 came to sync_cluster at ", "not waited since arrive_cluster at "});
}

TEST(SimtClusterErrors, FindsThreadsThatLeaveTheirCluster) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::string error = error_of(kClusters,
                                       [] {
                                         if (device::block_index() != 2 || device::thread_index() != 7)
                                           device::sync_cluster();
                                       },
                                       {.seed = seed});
    expect_error(error, {"block 2 thread 7", "ended", "sync_cluster at ", "needs"});
  }
  // One that has arrived may end, and is missed at the next meeting only.
  const auto arrives = [](int meetings) {
    device::arrive_cluster();
    if (device::thread_index() == 0) return;
    device::wait_cluster();
    for (int i = 1; i < meetings; ++i) device::sync_cluster();
  };
  EXPECT_EQ(error_of(kClusters, [&] { arrives(1); }), "");
  expect_error(error_of(kClusters, [&] { arrives(2); }), {"thread 0", "ended", "sync_cluster at "});
}

TEST(SimtClusterErrors, FindsBarriersThatPartOfAClusterNeverReaches) {
  const auto apart = [] {
    if (device::block_index() == 0) {
      device::sync_cluster();
    } else {
      if (device::block_index() == 1 && device::thread_index() < 32) device::sync_cluster();
      device::sync_block();
      device::sync_cluster();
    }
  };
  expect_error(error_of(kClusters, apart),
               {"deadlock: block 0 thread 0 (and 63 more) waits in sync_cluster at ",
                "block 1 thread 32 (and 31 more) waits in sync_block at "});
}

TEST(SimtClusterErrors, FindsWhatABlockCannotReach) {
  const auto reaches = [](std::ptrdiff_t place, int rank, float (*load)(const float*, int)) {
    return error_of(kClusters, [=] {
      device::sync_cluster();
      load(reinterpret_cast<const float*>(device::shared_memory()) + place, rank);
      device::sync_cluster();
    });
  };
  const auto one = [](const float* own, int rank) { return device::load_from_block(own, rank); };
  const auto four = [](const float* own, int rank) { return device::load_quad_from_block(own, rank).x[0]; };
  EXPECT_EQ(reaches(7, 1, one), "");
  EXPECT_EQ(reaches(4, 1, four), "");
  expect_error(reaches(0, 2, one), {"asks for block 2 of a cluster of 2, in load_from_block at "});
  expect_error(reaches(0, -1, one), {"asks for block -1 of a cluster of 2"});
  for (const std::ptrdiff_t outside : {8, -1}) {
    expect_error(reaches(outside, 1, one),
                 {"asks for 4 bytes where its block has none", "load_from_block at "});
  }
  for (const std::ptrdiff_t unaligned : {2, 6}) {
    expect_error(reaches(unaligned, 1, four), {"asks for 16 bytes", "aligned"});
  }
  float global = 0;
  expect_error(error_of(kClusters, [&] { device::store_to_block(&global, 0, 1); }),
               {"asks for 4 bytes where its block has none", "store_to_block at "});
}

TEST(SimtClusterErrors, FindsBlocksThatCannotBeReached) {
  const auto store = [] {
    device::store_to_block(reinterpret_cast<float*>(device::shared_memory()), 1 - device::cluster_rank(), 1);
  };
  const auto error = [](const std::function<void()>& kernel) {
    return error_of({.blocks = 2, .cluster_blocks = 2, .threads = 32, .shared_bytes = 4}, kernel,
                    {.starve = Starve::kBlock, .starved = 1});
  };
  expect_error(error([&] {
                 if (device::thread_index() == 0) store();
               }),
               {"block 0 thread 0 came to store_to_block at ", "but block 1 has not begun"});
  expect_error(error([&] {
                 device::sync_cluster();
                 if (device::thread_index() == 0 && device::block_index() == 1) store();
               }),
               {"block 1 thread 0 came to store_to_block at ", "but block 0 has ended"});
}

}  // namespace
}  // namespace ppo::simt::test
