// The threads of the CPU engine. They live as long as the engine and sleep between calls.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "engine/cpu/worker.hpp"

namespace ppo {

/// A reusable barrier for `count` threads. A waiting thread spins for some microseconds, longer than a
/// stage's usual imbalance, and then sleeps, so that an idle engine costs next to nothing and the core is
/// free for others, perhaps for the thread being waited for.
///
/// If the team has more threads than cores, its threads spin for only about a microsecond and then yield
/// between looks, because they wait for each other. Yielding to other programs would be a bad trade: it gives
/// away a whole time slice of the core, milliseconds for microseconds.
class Barrier {
 public:
  enum class Cores { own, shared };

  /// A sleeping thread looks again after `nap`, so that a lost wake-up could only delay a run.
  explicit Barrier(int count, Cores cores, std::chrono::milliseconds nap = std::chrono::milliseconds(10))
      : count_(count),
        looks_(cores == Cores::own ? 1000 : 20),
        yields_(cores == Cores::own ? 0 : 2000),
        nap_(nap) {}

  void wait();

  /// For another number of threads. So long, fewer threads than either number may wait.
  void set_count(int count) { count_.store(count, std::memory_order_relaxed); }

  /// Arrives without waiting.
  void arrive() { arrive_in(round_.load(std::memory_order_acquire)); }

 private:
  /// True for the last thread to arrive, which releases the others.
  bool arrive_in(std::uint32_t round);

  std::atomic<int> count_;
  const int looks_;
  const int yields_;
  const std::chrono::milliseconds nap_;
  std::atomic<int> arrived_{0};
  std::atomic<std::uint32_t> round_{0};
  std::atomic<int> sleepers_{0};
};

class Team {
 public:
  /// `size` workers, including the calling thread. Throws Failure(kRunFailed) if a thread cannot be started.
  explicit Team(int size);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  int size() const { return size_; }

  /// Runs the job once on each of the first `workers` workers (all by default), and returns when all are
  /// done. The job must not throw.
  void run(const std::function<void(const Worker&)>& job) { run(job, size_); }
  void run(const std::function<void(const Worker&)>& job, int workers);

 private:
  Team(int size, Barrier::Cores cores);

  /// The main loop of thread `index`.
  void serve(int index);
  Worker worker(int index);

  /// The workers of the next jobs. Must not be called while a job runs.
  void grow(int workers);
  /// Sleeps until worker `index` is one of them; until then nobody waits for it.
  void rest(int index);

  const int size_;
  std::atomic<int> active_;                                  // workers of the current job, or of the last one
  std::atomic<std::uint32_t> changes_{0};                    // of active_, to be seen by those who rest
  Barrier stages_;                                           // the barrier that workers see
  Barrier start_, done_;                                     // around a job
  const std::function<void(const Worker&)>* job_ = nullptr;  // nullptr: exit
  std::vector<std::jthread> threads_;
};

}  // namespace ppo
