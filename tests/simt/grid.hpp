// A SIMT emulator: runs a kernel's source on the CPU, every CUDA thread a fiber, the whole grid on the
// calling thread, in an order that a seed decides. It is there to find the orders that a card takes once a
// month.
//
//   launch({.blocks = 5, .threads = 256, .shared_bytes = sizeof(Shared)}, {.seed = 7}, [&] {
//   kernel(argument); });
//
// Threads run until they meet others (barriers, shuffles) or touch a counter (arrive, look, pause); then the
// next is drawn among all that can run. Between two such points nothing else happens: a race that lies there
// is for ThreadSanitizer to find, which sees the ordering of barriers and counters as the hardware gives it,
// and none in a shuffle. A thread that waits for another by other means than `look` hangs; so does one that
// waits for a host that says nothing (hear_host).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ppo::simt {

inline constexpr int kWarpThreads = 32;
inline constexpr int kMaxBlockThreads = 1024;
inline constexpr int kMaxBarriers = 16;  // of a block, as on every card; 0 is sync_block's
inline constexpr int kMaxClusterBlocks = 16;

struct GridShape {
  int blocks = 1;
  int cluster_blocks = 1;        // of a cluster, a divisor of blocks
  int threads = kWarpThreads;    // of a block, a multiple of 32
  std::size_t shared_bytes = 0;  // of a block; every byte 0xFF at the start, so that floats are NaN
};

/// Who runs only when nobody else can. Who looks at a counter that nothing has arrived at since cannot run.
enum class Starve {
  kNone,
  kBlock,     // one block
  kWarp,      // one warp
  kChanging,  // now a block, now a warp, for shorter and longer
};

/// What threads call at a call site.
enum class Call {
  kSyncBlock,  // barriers and their halves first
  kSyncGroup,
  kSyncWarp,
  kSyncCluster,
  kArriveCluster,
  kWaitCluster,  // the last of them
  kShuffle,
  kShuffleXor,
  kLoadFromBlock,  // floats and quads
  kStoreToBlock,
  kArrive,
  kLook,
  kPause,
  kTellHost,
  kHearHost,
};

const char* to_string(Call call);

constexpr bool is_barrier(Call call) {
  return call <= Call::kWaitCluster;
}

/// A line of a kernel.
struct CallSite {
  std::string file = {};  // or the end of its path, from a '/' on
  unsigned line = 0;
  std::int64_t only = -1;  // which of each thread's calls there, from 0 on; -1: all
};

struct Schedule {
  std::uint64_t seed = 0;
  Starve starve = Starve::kNone;
  int starved = -1;  // which block, or which warp counted over the whole grid; -1: the seed draws one
  int stay = 64;     // picks in a row from one warp, on average; 1: every pick from any warp

  /// Test of a test: what is called in this line is not there. Barriers let everybody pass; `look` finds the
  /// counter far ahead of any count and orders nothing; `arrive` and `arrive_cluster` count and order
  /// nothing.
  std::optional<CallSite> removed = std::nullopt;

  /// Test of a test: `arrive` and `look` count, but order no memory. Only ThreadSanitizer sees that.
  bool unordered_counters = false;
};

/// A call site that a launch came to.
struct SiteUse {
  std::string file;
  unsigned line;
  Call call;
  std::uint64_t calls;  // over all threads
};

struct LaunchRecord {
  std::vector<SiteUse> sites;  // in the order in which they were first come to
  std::uint64_t switches = 0;  // from one thread to another
};

/// A kernel did what hangs or is undefined on a card, or the shape is one that no card takes. One line: what,
/// which block and thread, which call site, which seed.
class SimtError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs `kernel` once for every thread of the grid; all blocks are resident, as in a cooperative launch.
/// Everything before the call is ordered before the kernel and the kernel before everything after. Throws
/// SimtError on: a wrong shape; a deadlock; threads that only look at counters nobody will raise; a barrier
/// or a shuffle that part of its threads reach elsewhere, otherwise or no more; a lane, group or block of the
/// cluster out of range; halves of a cluster's barrier that do not alternate; reaching for what is not in
/// shared memory, or for a block that has not begun or has ended; more call sites than fit a table (512). An
/// exception of the kernel ends the launch and is passed on. After either the frames of the other threads are
/// dropped, without running destructors. Launches may run at the same time on several threads of the
/// operating system, but not inside a kernel.
LaunchRecord launch(const GridShape& shape, const Schedule& schedule, const std::function<void()>& kernel);

}  // namespace ppo::simt
