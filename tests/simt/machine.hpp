// The emulated machine's state: threads, warps, blocks, and the barriers where they wait. Plain data that the
// fibers change (unwatched) and the host sets up and reports.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simt/fibers/fiber.hpp"
#include "simt/grid.hpp"
#include "simt/sites.hpp"

namespace ppo::simt {

using Lanes = std::uint32_t;  // of a warp, a bit each
inline constexpr Lanes kAllLanes = ~Lanes{0};

inline constexpr int kMaxWarps = kMaxBlockThreads / kWarpThreads;

struct Warp;
struct Block;
struct Cluster;

enum class State : std::uint8_t {
  kReady,    // runs, or can
  kWaiting,  // for others, at a barrier or shuffle
  kParked,   // looked at a counter, and nothing has arrived at any since
  kEnded,
};

struct Thread {
  Context* context = nullptr;
  Warp* warp = nullptr;
  Block* block = nullptr;
  int index = 0;  // in its block
  int lane = 0;
  State state = State::kReady;
  bool started = false;
  bool looking = false;             // its latest call was a look or a pause
  const Site* site = nullptr;       // of its latest call
  std::uint64_t arrivals_seen = 0;  // in the whole grid, when it looked
  std::int64_t removed_calls = 0;   // its calls so far at the removed site
  const Site* arrived = nullptr;    // where it arrived at its cluster's barrier, and has not waited since
  unsigned pass = 0;                // at which passing of the barrier
};

/// What ThreadSanitizer knows of a barrier that the same threads pass again and again: who arrives releases,
/// who leaves acquires. Two keys in turn, as the fastest thread may arrive anew before the slowest leaves.
struct Order {
  std::uint64_t keys[2] = {};
  unsigned passed = 0;

  SIMT_UNWATCHED void* key() { return key(passed); }
  SIMT_UNWATCHED void* key(unsigned pass) { return &keys[pass & 1]; }
};

/// sync_warp and shuffles, at which the same 32 lanes meet.
struct Warp {
  Thread* threads = nullptr;  // [32]
  int index = 0;              // in the grid
  bool starved = false;
  int place = -1;           // in the picker's list; -1: no thread of it is ready
  Lanes ready = kAllLanes;  // and not the one that runs
  Lanes parked = 0;
  Lanes ended = 0;
  Lanes in_cluster = 0;        // waiting at the cluster's barrier
  Lanes arrived = 0;           // at the shuffle or sync_warp in hand
  const Site* site = nullptr;  // of the first who arrived there
  const Thread* first = nullptr;
  std::uint64_t brought[kWarpThreads] = {};
  std::uint64_t taken[kWarpThreads] = {};  // each lane's own: the next shuffle cannot spoil it
  std::uint8_t source[kWarpThreads] = {};
  Order order;
};

/// One of a block's 16.
struct Barrier {
  int first = 0;    // thread that has to come
  int threads = 0;  // how many, while somebody waits
  int arrived = 0;
  const Thread* first_arrived = nullptr;
  Lanes waiting[kMaxWarps] = {};
};

/// Blocks side by side, and the barrier of all their threads.
struct Cluster {
  Block* blocks = nullptr;  // [num_blocks]
  Thread* threads = nullptr;
  Warp* warps = nullptr;
  int num_blocks = 0;
  int num_threads = 0;
  int num_ended = 0;
  int arrived = 0;             // at the barrier in hand
  const Site* site = nullptr;  // of the first who arrived there
  const Thread* first = nullptr;
  Order order;
};

struct Block {
  Cluster* cluster = nullptr;
  Thread* threads = nullptr;
  Warp* warps = nullptr;
  int index = 0;
  int num_threads = 0;
  int num_begun = 0;
  int num_ended = 0;
  std::byte* shared = nullptr;
  Barrier barriers[kMaxBarriers];
  Order orders[kMaxBarriers][kMaxWarps + 1];  // by number of warps that use it
};

SIMT_UNWATCHED inline Lanes bit(const Thread& thread) {
  return Lanes{1} << thread.lane;
}

/// The thread has arrived at the barrier that its cluster has in hand.
SIMT_UNWATCHED inline bool counts(const Thread& thread, const Cluster& cluster) {
  return thread.arrived != nullptr && thread.pass == cluster.order.passed;
}

/// Why a launch ends early, as it was found; the text is made on the host.
struct Failure {
  enum class Kind {
    kNone,
    kException,  // of the kernel
    kDeadlock,
    kNoProgress,
    kEnded,          // `thread` needs `other`, which has ended, at `site`
    kLeft,           // `thread` ended while `other` waits for it at `site`
    kDiverged,       // `thread` is at `site`, `other` of its warp elsewhere
    kGroupConflict,  // `thread` and `other` use one barrier for different numbers of threads
    kNotOfGroup,     // numbers: group, threads
    kBadGroup,       // numbers: group, threads
    kBadLane,        // numbers: lane asked for
    kArrivedTwice,   // `thread` arrives at its cluster's barrier, at `site`, before it has waited
    kNotArrived,     // `thread` waits there without having arrived
    kBadRank,        // numbers: rank asked for, blocks of the cluster
    kNotShared,      // numbers: bytes asked for
    kNotBegun,       // numbers: block asked for
    kBlockEnded,     // numbers: block asked for
    kTooManySites,
    kSharedOverrun,
  };
  Kind kind = Kind::kNone;
  const Thread* thread = nullptr;
  const Thread* other = nullptr;
  const Site* site = nullptr;
  int numbers[2] = {};
};

}  // namespace ppo::simt
