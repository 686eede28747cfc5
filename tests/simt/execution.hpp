// A launch in progress: the machine, who runs, and how the running thread hands over to the next. Members
// marked SIMT_UNWATCHED run as fibers, the others on the host.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "simt/machine.hpp"
#include "simt/picker.hpp"

namespace ppo::simt {

struct FreeShared {
  void operator()(std::byte* memory) const { ::operator delete (memory, std::align_val_t{16}); }
};

class Execution {
 public:
  Execution(const GridShape& shape, const Schedule& schedule, const std::function<void()>& kernel);

  /// Runs all threads to their ends, or until something fails.
  void run();

  /// Throws what went wrong, if anything did.
  void rethrow() const;

  LaunchRecord record() const;

  /// The launch of this thread of the operating system; nullptr outside of one.
  static Execution*& current();

  /// Of the running thread. Counts the call and remembers where it is; nothing waits yet.
  SIMT_UNWATCHED Site& come_to(Where where, Call call);

  /// True where this very call is to be left out.
  SIMT_UNWATCHED bool removes(const Site& site);

  /// Meets the block's threads [first, first + threads) at the barrier of that number.
  SIMT_UNWATCHED void meet(int number, int first, int threads);

  /// The halves of a meeting of the cluster's threads; one that has been removed orders nothing, and waits
  /// for nobody.
  SIMT_UNWATCHED void arrive_in_cluster(const Site& site, bool removed);
  SIMT_UNWATCHED void wait_in_cluster(const Site& site, bool removed);

  SIMT_UNWATCHED std::byte* reach(const Reach& reach, const Site& site);

  /// Meets the warp's lanes; true for the last, who has to call `part` once it has done the work of all. The
  /// others return after that.
  SIMT_UNWATCHED bool meet_lanes(const Site& site);
  SIMT_UNWATCHED void part();

  /// Something has arrived at a counter: who looked in vain may look again.
  SIMT_UNWATCHED void raise();

  /// The running thread has just looked at a counter, or only wants others to run.
  SIMT_UNWATCHED void idle();

  /// The running thread waits for the host, which is another thread of the operating system and needs time.
  SIMT_UNWATCHED void await_host();

  /// Lets others run; goes on when it is drawn again.
  SIMT_UNWATCHED void yield();

  /// Ends the launch.
  [[noreturn]] SIMT_UNWATCHED void fail(const Failure& failure);

  SIMT_UNWATCHED Thread& running() { return *running_; }
  SIMT_UNWATCHED bool ordered_counters() const { return !schedule_.unordered_counters; }
  SIMT_UNWATCHED Random& random() { return picker_.random(); }
  SIMT_UNWATCHED std::uint64_t tick() { return clock_ += 1 + (picker_.random().next() & 63); }

 private:
  /// What a fiber does in a launch.
  static void run_thread();

  /// False when it threw; the exception is kept.
  bool call_kernel();

  SIMT_UNWATCHED void end();

  /// Switches to a ready thread; the running one must have been filed elsewhere.
  SIMT_UNWATCHED void run_another();

  /// When nobody is ready: lets those look again who looked in vain, or finds out why nobody ever will be.
  SIMT_UNWATCHED Thread* pick_among_parked();
  SIMT_UNWATCHED void unpark();

  void prepare();
  void abandon();
  void check_shared();
  std::string describe() const;
  std::string list_threads() const;

  static FiberPool& fibers();

  const GridShape shape_;
  const Schedule schedule_;
  const std::function<void()>& kernel_;
  std::vector<Thread> threads_;  // [blocks][threads]
  std::vector<Warp> warps_;      // [blocks][warps]
  std::vector<Block> blocks_;
  std::vector<Cluster> clusters_;
  std::vector<std::unique_ptr<std::byte, FreeShared>> shared_;  // [blocks], an allocation each
  SiteTable sites_{schedule_.removed};
  Picker picker_;
  Context host_;
  Thread* running_ = nullptr;
  Warp* const first_warp_;
  int num_live_;
  int num_parked_ = 0;
  int idle_rounds_ = 0;         // looks of everybody since anything else happened
  std::uint64_t arrivals_ = 0;  // at any counter
  std::uint64_t switches_ = 0;
  std::uint64_t clock_ = 0;
  Failure failure_;
  std::exception_ptr exception_;
  std::uint64_t start_key_ = 0, end_key_ = 0;  // orders the host and all threads
};

}  // namespace ppo::simt
