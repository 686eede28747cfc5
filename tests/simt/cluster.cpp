// What a launch in progress does for threads that deal with the other blocks of their cluster.
#include "simt/execution.hpp"

namespace ppo::simt {
namespace {

/// One of the cluster's threads that has ended without arriving at the barrier in hand; nullptr when none
/// has.
SIMT_UNWATCHED const Thread* missing(const Cluster& cluster) {
  for (int i = 0; cluster.num_ended > 0 && i < cluster.num_threads; ++i) {
    const Thread& thread = cluster.threads[i];
    if (thread.state == State::kEnded && !counts(thread, cluster)) return &thread;
  }
  return nullptr;
}

/// In the block's shared memory, as aligned as they are many.
SIMT_UNWATCHED bool lies_in(const Block& block, std::size_t shared_bytes, const Reach& reach) {
  const auto offset =
      reinterpret_cast<std::uintptr_t>(reach.own) - reinterpret_cast<std::uintptr_t>(block.shared);
  return offset < shared_bytes && reach.bytes <= shared_bytes - offset && offset % reach.bytes == 0;
}

}  // namespace

SIMT_UNWATCHED void Execution::arrive_in_cluster(const Site& site, bool removed) {
  Thread& me = *running_;
  Cluster& cluster = *me.block->cluster;
  if (me.arrived != nullptr) fail({.kind = Failure::Kind::kArrivedTwice, .thread = &me, .site = &site});
  if (const Thread* ended = missing(cluster)) {
    fail({.kind = Failure::Kind::kEnded, .thread = &me, .other = ended, .site = &site});
  }
  if (cluster.arrived == 0) {
    cluster.first = &me;
    cluster.site = &site;
  }
  idle_rounds_ = 0;
  me.arrived = &site;
  me.pass = cluster.order.passed;
  if (!removed) release(cluster.order.key());
  if (++cluster.arrived < cluster.num_threads) return;
  cluster.arrived = 0;
  ++cluster.order.passed;
  for (int w = 0; w < cluster.num_threads / kWarpThreads; ++w) {
    Warp& warp = cluster.warps[w];
    picker_.make_ready(warp, warp.in_cluster);
    warp.in_cluster = 0;
  }
}

SIMT_UNWATCHED void Execution::wait_in_cluster(const Site& site, bool removed) {
  Thread& me = *running_;
  Order& order = me.block->cluster->order;
  if (me.arrived == nullptr) fail({.kind = Failure::Kind::kNotArrived, .thread = &me, .site = &site});
  if (removed || me.pass != order.passed) {
    yield();
  } else {
    me.warp->in_cluster |= bit(me);
    me.state = State::kWaiting;
    run_another();
  }
  me.arrived = nullptr;
  if (!removed) acquire(order.key(me.pass));
}

SIMT_UNWATCHED std::byte* Execution::reach(const Reach& reach, const Site& site) {
  const Thread& me = *running_;
  const Cluster& cluster = *me.block->cluster;
  if (reach.rank < 0 || reach.rank >= cluster.num_blocks) {
    fail({.kind = Failure::Kind::kBadRank,
          .thread = &me,
          .site = &site,
          .numbers = {reach.rank, cluster.num_blocks}});
  }
  if (!lies_in(*me.block, shape_.shared_bytes, reach)) {
    fail({.kind = Failure::Kind::kNotShared,
          .thread = &me,
          .site = &site,
          .numbers = {static_cast<int>(reach.bytes), 0}});
  }
  const Block& block = cluster.blocks[reach.rank];
  if (block.num_begun == 0) {
    fail({.kind = Failure::Kind::kNotBegun, .thread = &me, .site = &site, .numbers = {block.index, 0}});
  }
  if (block.num_ended == block.num_threads) {
    fail({.kind = Failure::Kind::kBlockEnded, .thread = &me, .site = &site, .numbers = {block.index, 0}});
  }
  return block.shared + (static_cast<const std::byte*>(reach.own) - me.block->shared);
}

}  // namespace ppo::simt
