#include "simt/execution.hpp"

#include <sched.h>

namespace ppo::simt {
namespace {

/// Rounds in which everybody who can run looks at a counter, and nothing else happens, until the launch is
/// given up. More than any program looks before it does something else.
constexpr int kIdleRounds = 1000;

/// One of the block's threads [first, first + threads) that has ended; nullptr when none has.
SIMT_UNWATCHED const Thread* ended_of(const Block& block, int first, int threads) {
  for (int i = first; block.num_ended > 0 && i < first + threads; ++i) {
    if (block.threads[i].state == State::kEnded) return &block.threads[i];
  }
  return nullptr;
}

}  // namespace

SIMT_UNWATCHED Execution*& Execution::current() {
  constinit thread_local static Execution* execution = nullptr;
  return execution;
}

SIMT_UNWATCHED Site& Execution::come_to(Where where, Call call) {
  Site* site = sites_.count(where, call);
  if (site == nullptr) fail({.kind = Failure::Kind::kTooManySites, .thread = running_});
  running_->site = site;
  running_->looking = running_->looking && (call == Call::kLook || call == Call::kPause);
  return *site;
}

SIMT_UNWATCHED bool Execution::removes(const Site& site) {
  if (!site.removed) return false;
  const std::int64_t only = schedule_.removed->only;
  const std::int64_t call = running_->removed_calls++;
  return only < 0 || only == call;
}

SIMT_UNWATCHED void Execution::meet(int number, int first, int threads) {
  Thread& me = *running_;
  Block& block = *me.block;
  Barrier& barrier = block.barriers[number];
  if (const Thread* ended = ended_of(block, first, threads)) {
    fail({.kind = Failure::Kind::kEnded, .thread = &me, .other = ended, .site = me.site});
  }
  if (barrier.arrived == 0) {
    barrier.first = first;
    barrier.threads = threads;
    barrier.first_arrived = &me;
  } else if (barrier.threads != threads) {
    fail({.kind = Failure::Kind::kGroupConflict, .thread = &me, .other = barrier.first_arrived});
  }
  idle_rounds_ = 0;
  Order& order = block.orders[number][threads / kWarpThreads];
  void* key = order.key();
  release(key);
  if (++barrier.arrived < threads) {
    barrier.waiting[me.index / kWarpThreads] |= bit(me);
    me.state = State::kWaiting;
    run_another();
  } else {
    ++order.passed;
    barrier.arrived = 0;
    for (int w = first / kWarpThreads; w < (first + threads) / kWarpThreads; ++w) {
      picker_.make_ready(block.warps[w], barrier.waiting[w]);
      barrier.waiting[w] = 0;
    }
    yield();
  }
  acquire(key);
}

SIMT_UNWATCHED bool Execution::meet_lanes(const Site& site) {
  Thread& me = *running_;
  Warp& warp = *me.warp;
  if (warp.ended != 0) {
    const Thread* ended = &warp.threads[std::countr_zero(warp.ended)];
    fail({.kind = Failure::Kind::kEnded, .thread = &me, .other = ended, .site = &site});
  }
  if (warp.arrived == 0) {
    warp.site = &site;
    warp.first = &me;
  } else if (warp.site != &site) {
    fail({.kind = Failure::Kind::kDiverged, .thread = &me, .other = warp.first, .site = &site});
  }
  idle_rounds_ = 0;
  warp.arrived |= bit(me);
  if (warp.arrived == kAllLanes) return true;
  me.state = State::kWaiting;
  run_another();
  return false;
}

SIMT_UNWATCHED void Execution::part() {
  Warp& warp = *running_->warp;
  warp.arrived = 0;
  picker_.make_ready(warp, kAllLanes & ~bit(*running_));
  yield();
}

SIMT_UNWATCHED void Execution::raise() {
  ++arrivals_;
  idle_rounds_ = 0;
  unpark();
  yield();
}

SIMT_UNWATCHED void Execution::idle() {
  Thread& me = *running_;
  if (!me.looking || me.arrivals_seen != arrivals_) {
    me.looking = true;
    me.arrivals_seen = arrivals_;
    yield();
  } else {
    me.state = State::kParked;
    me.warp->parked |= bit(me);
    ++num_parked_;
    run_another();
  }
}

SIMT_UNWATCHED void Execution::await_host() {
  idle_rounds_ = 0;
  sched_yield();
  yield();
}

SIMT_UNWATCHED void Execution::yield() {
  picker_.make_runnable(*running_->warp, bit(*running_));
  run_another();
}

SIMT_UNWATCHED void Execution::fail(const Failure& failure) {
  failure_.kind = failure.kind;
  failure_.thread = failure.thread;
  failure_.other = failure.other;
  failure_.site = failure.site;
  failure_.numbers[0] = failure.numbers[0];
  failure_.numbers[1] = failure.numbers[1];
  switch_context(*running_->context, host_);
  __builtin_unreachable();  // dropped
}

SIMT_UNWATCHED void Execution::run_another() {
  Thread* next = picker_.pick();
  if (next == nullptr) next = pick_among_parked();
  if (next == running_) return;
  Context& from = *running_->context;
  if (next == nullptr) {
    switch_context(from, host_);
  } else {
    running_ = next;
    ++switches_;
    switch_context(from, *next->context);
  }
  // Nothing of this object here: a thread that has ended comes back in another launch.
}

SIMT_UNWATCHED Thread* Execution::pick_among_parked() {
  if (num_live_ == 0) return nullptr;
  if (num_parked_ == 0 || ++idle_rounds_ > kIdleRounds) {
    failure_.kind = num_parked_ == 0 ? Failure::Kind::kDeadlock : Failure::Kind::kNoProgress;
    return nullptr;
  }
  unpark();
  return picker_.pick();
}

SIMT_UNWATCHED void Execution::unpark() {
  for (int w = 0; num_parked_ > 0; ++w) {
    Warp& warp = first_warp_[w];
    num_parked_ -= std::popcount(warp.parked);
    picker_.make_ready(warp, warp.parked);
    warp.parked = 0;
  }
}

SIMT_UNWATCHED void Execution::end() {
  Thread& me = *running_;
  Block& block = *me.block;
  if (me.warp->arrived != 0) {
    const Thread* first = me.warp->first;
    fail({.kind = Failure::Kind::kLeft, .thread = &me, .other = first, .site = first->site});
  }
  const Cluster& cluster = *block.cluster;
  if (cluster.arrived != 0 && !counts(me, cluster)) {
    fail({.kind = Failure::Kind::kLeft, .thread = &me, .other = cluster.first, .site = cluster.site});
  }
  for (const Barrier& barrier : block.barriers) {
    if (barrier.arrived == 0 || me.index < barrier.first || me.index >= barrier.first + barrier.threads)
      continue;
    const Thread* first = barrier.first_arrived;
    fail({.kind = Failure::Kind::kLeft, .thread = &me, .other = first, .site = first->site});
  }
  me.state = State::kEnded;
  me.warp->ended |= bit(me);
  ++block.num_ended;
  ++block.cluster->num_ended;
  --num_live_;
  idle_rounds_ = 0;
  run_another();
}

SIMT_UNWATCHED void Execution::run_thread() {
  Execution& launch = *current();
  launch.running_->started = true;
  ++launch.running_->block->num_begun;
  acquire(&launch.start_key_);
  const bool ended = launch.call_kernel();
  release(&launch.end_key_);
  if (!ended) launch.fail({.kind = Failure::Kind::kException});
  launch.end();
}

bool Execution::call_kernel() {
  try {
    kernel_();
    return true;
  } catch (...) {
    exception_ = std::current_exception();
    return false;
  }
}

}  // namespace ppo::simt
