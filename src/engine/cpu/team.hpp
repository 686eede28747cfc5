// The threads of the CPU engine. They live as long as the engine and sleep between two calls.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "engine/cpu/worker.hpp"

namespace ppo {

/// All of `count` threads meet here, again and again. Who waits looks for some microseconds, more than a
/// stage's imbalance costs, and then sleeps, so that an idle engine costs next to nothing, and whoever else
/// wants the core, perhaps the thread that is waited for, has it.
///
/// Threads that share a core of their own look only for about a microsecond, and then let others of this core
/// run between two looks: they wait for each other. Between strangers that would be a bad trade: one such
/// look gives away a whole slice of the core, milliseconds for microseconds.
class Barrier {
 public:
  enum class Cores { own, shared };

  /// A sleeper looks again by itself after `nap`, so that a lost wake-up could only delay a run.
  explicit Barrier(int count, Cores cores, std::chrono::milliseconds nap = std::chrono::milliseconds(10))
      : count_(count),
        looks_(cores == Cores::own ? 1000 : 20),
        yields_(cores == Cores::own ? 0 : 2000),
        nap_(nap) {}

  void wait();

  /// Counts as one of those who wait, and does not.
  void arrive() { arrive_in(round_.load(std::memory_order_acquire)); }

 private:
  /// True for the last one, who lets the others go.
  bool arrive_in(std::uint32_t round);

  const int count_;
  const int looks_;
  const int yields_;
  const std::chrono::milliseconds nap_;
  std::atomic<int> arrived_{0};
  std::atomic<std::uint32_t> round_{0};
  std::atomic<int> sleepers_{0};
};

class Team {
 public:
  /// `size` workers, the calling thread among them. Throws Failure(kRunFailed) when a thread cannot be
  /// started.
  explicit Team(int size);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  int size() const { return size_; }

  /// Runs the job once on every worker; returns when all are done. The job must not throw.
  void run(const std::function<void(const Worker&)>& job);

 private:
  Team(int size, Barrier::Cores cores);

  /// What thread `index` does until it is sent home.
  void serve(int index);
  Worker worker(int index);

  const int size_;
  Barrier stages_;                                           // the one that workers see
  Barrier start_, done_;                                     // around a job
  const std::function<void(const Worker&)>* job_ = nullptr;  // nullptr: go home
  std::vector<std::jthread> threads_;
};

/// Cores that this process may use: its affinity, and no more than its cgroups' quota.
int usable_cores();

}  // namespace ppo
