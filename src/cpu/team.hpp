// The threads of the CPU engine. They live as long as the engine and sleep between two calls.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "cpu/worker.hpp"

namespace ppo {

/// All of `count` threads meet here, again and again. Who waits looks for about a microsecond, which is what
/// a stage's imbalance costs; then lets others of this core run between two looks, so that a team larger than
/// its cores is not held up; and sleeps after about a millisecond, so that an idle engine costs next to
/// nothing.
class Barrier {
 public:
  /// A sleeper looks again by itself after `nap`, so that a lost wake-up could only delay a run.
  explicit Barrier(int count, std::chrono::milliseconds nap = std::chrono::milliseconds(10))
      : count_(count), nap_(nap) {}

  void wait();

  /// Counts as one of those who wait, and does not.
  void arrive() { arrive_in(round_.load(std::memory_order_acquire)); }

 private:
  /// True for the last one, who lets the others go.
  bool arrive_in(std::uint32_t round);

  static constexpr int kLooks = 20;
  static constexpr int kYields = 2000;

  const int count_;
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
