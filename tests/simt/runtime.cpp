#include "simt/runtime.hpp"

#include <bit>
#include <cmath>

#include "simt/execution.hpp"

namespace ppo::simt {
namespace {

/// How far `look` finds a counter ahead when it has been removed: beyond every count, whether the difference
/// is taken as signed or not.
constexpr std::uint32_t kFarAhead = std::uint32_t{1} << 30;

// The only accesses of the emulator that ThreadSanitizer watches: it takes their ordering as that of the
// device's instructions, and plain accesses to a counter as races with them.
__attribute__((noinline)) void add_release(std::uint32_t* counter) {
  __atomic_fetch_add(counter, 1u, __ATOMIC_RELEASE);
}
__attribute__((noinline)) void add_relaxed(std::uint32_t* counter) {
  __atomic_fetch_add(counter, 1u, __ATOMIC_RELAXED);
}
__attribute__((noinline)) std::uint32_t load_acquire(const std::uint32_t* counter) {
  return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}
__attribute__((noinline)) void store_release(std::uint32_t* number, std::uint32_t value) {
  __atomic_store_n(number, value, __ATOMIC_RELEASE);
}
__attribute__((noinline)) std::uint32_t load_relaxed(const std::uint32_t* counter) {
  return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

SIMT_UNWATCHED Execution& launch_in_progress() {
  return *Execution::current();
}

SIMT_UNWATCHED std::uint64_t exchange(Execution& launch, const Site& site, std::uint64_t bits, int source) {
  Thread& me = launch.running();
  Warp& warp = *me.warp;
  if (source < 0 || source >= kWarpThreads) {
    launch.fail({.kind = Failure::Kind::kBadLane, .thread = &me, .site = &site, .numbers = {source, 0}});
  }
  warp.brought[me.lane] = bits;
  warp.source[me.lane] = static_cast<std::uint8_t>(source);
  if (launch.meet_lanes(site)) {
    for (int lane = 0; lane < kWarpThreads; ++lane) warp.taken[lane] = warp.brought[warp.source[lane]];
    launch.part();
  }
  return warp.taken[me.lane];
}

}  // namespace

SIMT_UNWATCHED int thread_index() {
  return launch_in_progress().running().index;
}
SIMT_UNWATCHED int block_index() {
  return launch_in_progress().running().block->index;
}
SIMT_UNWATCHED std::byte* shared_memory() {
  return launch_in_progress().running().block->shared;
}

SIMT_UNWATCHED void sync_block(Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kSyncBlock);
  if (launch.removes(site)) return launch.yield();
  launch.meet(0, 0, launch.running().block->num_threads);
}

SIMT_UNWATCHED void sync_group(int group, int threads, Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kSyncGroup);
  const Thread& me = launch.running();
  if (group < 0 || group + 1 >= kMaxBarriers || threads < kWarpThreads || threads % kWarpThreads != 0 ||
      threads > kMaxBlockThreads || (group + 1) * threads > me.block->num_threads) {
    launch.fail(
        {.kind = Failure::Kind::kBadGroup, .thread = &me, .site = &site, .numbers = {group, threads}});
  }
  if (me.index / threads != group) {
    launch.fail(
        {.kind = Failure::Kind::kNotOfGroup, .thread = &me, .site = &site, .numbers = {group, threads}});
  }
  if (launch.removes(site)) return launch.yield();
  launch.meet(group + 1, group * threads, threads);
}

SIMT_UNWATCHED void sync_warp(Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kSyncWarp);
  if (launch.removes(site)) return launch.yield();
  Order& order = launch.running().warp->order;
  void* key = order.key();
  release(key);
  if (launch.meet_lanes(site)) {
    ++order.passed;
    launch.part();
  }
  acquire(key);
}

SIMT_UNWATCHED int cluster_rank() {
  const Block& block = *launch_in_progress().running().block;
  return block.index % block.cluster->num_blocks;
}

SIMT_UNWATCHED void sync_cluster(Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kSyncCluster);
  if (launch.removes(site)) return launch.yield();
  launch.arrive_in_cluster(site, false);
  launch.wait_in_cluster(site, false);
}

SIMT_UNWATCHED void arrive_cluster(Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kArriveCluster);
  launch.arrive_in_cluster(site, launch.removes(site));
  launch.yield();
}

SIMT_UNWATCHED void wait_cluster(Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kWaitCluster);
  launch.wait_in_cluster(site, launch.removes(site));
}

SIMT_UNWATCHED std::byte* load_from_block(const Reach& reach, Where where) {
  Execution& launch = launch_in_progress();
  return launch.reach(reach, launch.come_to(where, Call::kLoadFromBlock));
}
SIMT_UNWATCHED std::byte* store_to_block(const Reach& reach, Where where) {
  Execution& launch = launch_in_progress();
  return launch.reach(reach, launch.come_to(where, Call::kStoreToBlock));
}

SIMT_UNWATCHED std::uint64_t shuffle(std::uint64_t bits, int lane, Where where) {
  Execution& launch = launch_in_progress();
  return exchange(launch, launch.come_to(where, Call::kShuffle), bits, lane);
}

SIMT_UNWATCHED std::uint64_t shuffle_xor(std::uint64_t bits, int mask, Where where) {
  Execution& launch = launch_in_progress();
  const Site& site = launch.come_to(where, Call::kShuffleXor);
  return exchange(launch, site, bits, launch.running().lane ^ mask);
}

SIMT_UNWATCHED void arrive(std::uint32_t* counter, Where where) {
  Execution& launch = launch_in_progress();
  const bool removed = launch.removes(launch.come_to(where, Call::kArrive));
  if (launch.ordered_counters() && !removed) {
    add_release(counter);
  } else {
    add_relaxed(counter);
  }
  launch.raise();
}

SIMT_UNWATCHED std::uint32_t look(const std::uint32_t* counter, Where where) {
  Execution& launch = launch_in_progress();
  const bool removed = launch.removes(launch.come_to(where, Call::kLook));
  const bool ordered = launch.ordered_counters() && !removed;
  const std::uint32_t count = ordered ? load_acquire(counter) : load_relaxed(counter);
  launch.idle();
  return removed ? count + kFarAhead : count;
}

SIMT_UNWATCHED void pause(Where where) {
  Execution& launch = launch_in_progress();
  launch.come_to(where, Call::kPause);
  launch.idle();
}

SIMT_UNWATCHED void tell_host(std::uint32_t* number, std::uint32_t value, Where where) {
  Execution& launch = launch_in_progress();
  const bool removed = launch.removes(launch.come_to(where, Call::kTellHost));
  if (!removed) store_release(number, value);
  launch.yield();
}

SIMT_UNWATCHED std::uint32_t hear_host(const std::uint32_t* number, Where where) {
  Execution& launch = launch_in_progress();
  launch.come_to(where, Call::kHearHost);
  const std::uint32_t value = load_acquire(number);
  launch.await_host();
  return value;
}

SIMT_UNWATCHED std::uint64_t clock_cycles() {
  return launch_in_progress().tick();
}

SIMT_UNWATCHED float reciprocal_estimate(float x) {
  constinit thread_local static std::uint64_t calls = 0;  // outside of launches
  const float exact = 1.0f / x;
  if (!std::isnormal(exact)) return exact;
  Execution* launch = Execution::current();
  const std::uint32_t draw = launch != nullptr ? launch->random().below(3) : Random(++calls).below(3);
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(exact) + draw - 1);
}

}  // namespace ppo::simt
