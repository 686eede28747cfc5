// The emulator's own tests: what a kernel must not do is reported, with where it did it.
#include "simt/errors.hpp"
#include "simt/sanitizers.hpp"
#include "simt/small_kernels.hpp"

namespace ppo::simt::test {
namespace {

constexpr std::uint64_t kSeeds = 20;

TEST(SimtErrors, FindsDeadlocks) {
  const std::string error = error_of({.threads = kThreads}, [] {
    if (device::thread_index() < kGroupThreads) {
      device::sync_block();
    } else {
      device::sync_group(1, kGroupThreads);
      device::sync_group(1, kGroupThreads);
      if (device::thread_index() == 64) device::sync_block();
      device::sync_group(1, kGroupThreads);
    }
  });
  expect_error(error, {"deadlock: block 0 thread 0 (and 63 more) waits in sync_block at ", "errors_test.cpp:",
                       "block 0 thread 65 (and 62 more) waits in sync_group", "[seed 0]"});
}

TEST(SimtErrors, FindsSpinningForNothing) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    std::uint32_t counter = 0;
    const std::string error = error_of({.blocks = 2, .threads = kThreads},
                                       [&] {
                                         if (device::thread_index() == 0) {
                                           device::arrive(&counter);
                                           while (device::look(&counter) < 3) device::pause();
                                         }
                                         device::sync_block();
                                       },
                                       {.seed = seed});
    expect_error(error, {"no progress", "looks, in ", "block 0 thread 1 (and 253 more) waits in sync_block"});
  }
}

TEST(SimtErrors, FindsThreadsThatLeave) {
  expect_error(error_of({.threads = kThreads},
                        [] {
                          if (device::thread_index() != 7) device::sync_block();
                        }),
               {"thread 7", "ended", "sync_block at "});
  expect_error(error_of({.threads = kThreads},
                        [] {
                          if (device::thread_index() != 70)
                            device::sync_group(device::thread_index() / 64, 64);
                        }),
               {"thread 70", "ended", "sync_group at "});
  expect_error(error_of({.threads = kThreads},
                        [] {
                          if (device::thread_index() != 40) device::shuffle(1, 0);
                        }),
               {"thread 40", "ended", "shuffle at "});
}

TEST(SimtErrors, FindsDivergentWarps) {
  expect_error(error_of({.threads = 32},
                        [] {
                          if (device::thread_index() % 2 == 0) {
                            device::shuffle(1, 0);
                          } else {
                            device::shuffle(1, 0);
                          }
                        }),
               {"came to shuffle at ", "of its warp to shuffle at "});
  const auto mixed = [] {
    if (device::thread_index() == 9) {
      device::sync_warp();
    } else {
      device::shuffle_xor(1, 1);
    }
  };
  expect_error(error_of({.threads = 32}, mixed), {"thread 9 ", "sync_warp at ", "shuffle_xor at "});
}

TEST(SimtErrors, FindsWrongArguments) {
  expect_error(error_of({.threads = 32}, [] { device::shuffle(1, 32); }), {"reads lane 32 of 32"});
  expect_error(error_of({.threads = 32}, [] { device::shuffle_xor(1, 64); }), {"reads lane "});
  expect_error(error_of({.threads = 64}, [] { device::sync_group(0, 48); }),
               {"group 0 of 48", "does not have"});
  expect_error(error_of({.threads = 64}, [] { device::sync_group(2, 32); }),
               {"group 2 of 32", "does not have"});
  expect_error(error_of({.threads = 64}, [] { device::sync_group(1, 32); }), {"is not of group 1 of 32"});
  const auto conflict = [] { device::sync_group(0, device::thread_index() < 32 ? 32 : 64); };
  expect_error(error_of({.threads = 64},
                        [&] { device::thread_index() == 0 ? device::sync_group(0, 64) : conflict(); }),
               {"another number of threads"});
  expect_error(error_of({.threads = 33}, [] {}), {"33 threads"});
  expect_error(error_of({.blocks = 4, .cluster_blocks = 3}, [] {}), {"4 blocks in clusters of 3"});
  expect_error(error_of({.blocks = 34, .cluster_blocks = 17}, [] {}), {"clusters of 17", "1 to 16"});
  expect_error(error_of({.cluster_blocks = 0}, [] {}), {"clusters of 0"});
  expect_error(error_of({}, [] { launch({}, {}, [] {}); }), {"inside a kernel"});
}

TEST(SimtErrors, PassesOnWhatAKernelThrows) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(launch({.threads = kThreads}, {},
                        [] {
                          if (device::thread_index() == 77) throw std::out_of_range("a kernel's");
                          device::sync_block();
                        }),
                 std::out_of_range);
    EXPECT_TRUE(sums_right(block_sum, {}));
  }
}

TEST(SimtErrors, FindsWritesBehindSharedMemory) {
  const auto overrun = [] {
    launch({.blocks = 3, .threads = 32, .shared_bytes = 33}, {}, [] {
      if (device::block_index() == 1 && device::thread_index() == 0)
        device::shared_memory()[33] = std::byte{0};
    });
  };
#ifdef SIMT_ADDRESS_SANITIZER
  EXPECT_DEATH(overrun(), "heap-buffer-overflow");
#else
  EXPECT_THROW(overrun(), SimtError);
#endif
}

}  // namespace
}  // namespace ppo::simt::test
