// What the stand-in knows of the machine and of what it has handed out.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "cuda_stand_in/stand_in.hpp"
#include "kernels/launch.hpp"

// The types behind the runtime's handles are the runtime's own.
struct CUevent_st {
  CUstream_st* stream = nullptr;  // on which it was recorded last
  bool pending = false;
  bool recorded = false;
  double at_ms = 0;
};

struct CUgraphNode_st {
  enum Kind { kMemset, kKernel, kMemcpy } kind;
  cudaMemsetParams memset{};
  void (*kernel)(ppo::Launch) = nullptr;
  unsigned blocks = 0;
  unsigned threads = 0;
  std::size_t shared_bytes = 0;
  ppo::Launch argument{};
  bool cooperative = false;
  unsigned cluster_blocks = 1;
  void* to = nullptr;
  const void* from = nullptr;
  std::size_t bytes = 0;
};

struct CUgraph_st {
  std::vector<std::unique_ptr<CUgraphNode_st>> nodes;  // each behind the one before
};

struct CUgraphExec_st {
  std::vector<CUgraphNode_st> nodes;  // as they will run
};

struct CUstream_st {
  int device = 0;
  bool is_lone = false;  // cudaStreamNonBlocking: what is queued runs on a thread of its own
  std::deque<std::function<void()>> queue = {};  // of a lone one
  bool is_running = false;
  std::thread runner = {};

  /// Lets what is queued run. Under State::Lock.
  void start();

  /// Waits for that. Without the lock.
  void finish();
};

namespace ppo::stand_in {

class State {
 public:
  Machine machine;
  Failing failing{.function = {}};
  std::map<std::string, int> calls;
  std::string misuse;
  cudaError_t broken = cudaSuccess;                                   // for good
  inline static thread_local cudaError_t latest_error = cudaSuccess;  // that nobody has asked for
  inline static thread_local int device = 0;
  std::map<int, std::size_t> most_shared_bytes;  // of each device on which cudaFuncSetAttribute was called
  std::set<int> large_clusters;                  // devices on which it allowed more than 8 blocks

  std::map<std::byte*, std::size_t> device_memory;
  std::set<void*> pinned;
  std::set<void*> streams, events, graphs, execs;
  std::deque<std::function<void()>> queue;  // of all streams but lone ones together, in order
  int queued_launches = 0;
  std::size_t copied_bytes = 0;
  std::uint32_t launched_variants = 0;
  int launched_cluster_blocks = 0;
  std::uint64_t least_patience = ~std::uint64_t{0};
  std::size_t launches = 0;  // that have run
  double clock_ms = 0;

  /// Functions may be called by several threads, and kernels run on others.
  class Lock {
   public:
    Lock() : holds_(mutex()) {}

   private:
    static std::recursive_mutex& mutex();
    const std::lock_guard<std::recursive_mutex> holds_;
  };

  std::deque<std::function<void()>>& queue_of(CUstream_st& stream) {
    return stream.is_lone ? stream.queue : queue;
  }

  /// What every function begins with: counts the call; an error is to be returned at once.
  cudaError_t enter(const char* function);

  /// What every function returns when it fails.
  cudaError_t refuse(cudaError_t error) { return latest_error = error; }

  /// That a block may have on this thread's device.
  std::size_t shared_limit() const {
    const auto set = most_shared_bytes.find(device);
    return set == most_shared_bytes.end() ? std::size_t{48} << 10 : set->second;
  }

  /// Blocks that this thread's device holds at once.
  unsigned resident_blocks() const {
    return static_cast<unsigned>(machine.multiprocessors * machine.blocks_per_multiprocessor);
  }

  /// The same in clusters, of which none lies in two parts of the card; 0: it takes none of that size.
  unsigned resident_in_clusters(unsigned cluster_blocks) const;

  void complain(const std::string& what) { misuse += (misuse.empty() ? "" : "; ") + what; }

  /// Runs everything that is queued, or until `done`.
  void run_queue(const std::function<bool()>& done = [] { return false; });

  /// [first, first + bytes) lies within one piece of device memory.
  bool on_device(const void* first, std::size_t bytes) const;

  /// Some of it is device memory.
  bool touches_device(const void* first, std::size_t bytes) const;

  /// Lets the device's memory be used while it lives.
  class Open {
   public:
    explicit Open(State& state);
    ~Open();
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

   private:
    State& state_;
  };

  void run_node(const CUgraphNode_st& node);

 private:
  void run_kernel(const CUgraphNode_st& node);

  int open_ = 0;  // how many want it to be
};

/// C functions have nowhere else to keep it.
State& state();

/// Makes a thing and counts it.
template <class Thing>
Thing* hand_out(std::set<void*>& all, Thing* thing) {
  all.insert(thing);
  return thing;
}

/// Takes it back; an error that was asked for does not keep it.
template <class Thing>
cudaError_t take_back(std::set<void*>& all, Thing* thing, const char* function) {
  const State::Lock lock;
  const cudaError_t error = state().enter(function);
  if (all.erase(thing) == 0) {
    state().complain(std::string(function) + " of what is not there");
    return state().refuse(cudaErrorInvalidResourceHandle);
  }
  delete thing;
  return error;
}

/// So that reading what is not there yet is seen.
inline constexpr int kRubbish = 0xC5;

}  // namespace ppo::stand_in
