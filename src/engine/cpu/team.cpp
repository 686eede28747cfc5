#include "engine/cpu/team.hpp"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <string>
#include <system_error>

#include "system/cores.hpp"
#include "system/errors.hpp"
#include "system/processor/pause.hpp"

namespace ppo {

namespace {

/// Sleeps until woken if `word` still holds `value`, but no longer than `most`.
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value, std::chrono::milliseconds most) {
  const timespec limit{.tv_sec = most.count() / 1000, .tv_nsec = most.count() % 1000 * 1'000'000};
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, &limit, nullptr, 0);
}

void wake_all(std::atomic<std::uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, std::numeric_limits<int>::max(), nullptr, nullptr, 0);
}

}  // namespace

bool Barrier::arrive_in(std::uint32_t round) {
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 < count_.load(std::memory_order_relaxed))
    return false;
  arrived_.store(0, std::memory_order_relaxed);
  // Sequentially consistent, as are the sleepers' steps: either the new round is seen by one who is about to
  // sleep, or the sleeper by us.
  round_.store(round + 1);
  if (sleepers_.load() > 0) wake_all(round_);
  return true;
}

void Barrier::wait() {
  const std::uint32_t round = round_.load(std::memory_order_acquire);
  if (arrive_in(round)) return;
  for (int look = 0; look < looks_ + yields_; ++look) {
    if (round_.load(std::memory_order_acquire) != round) return;
    if (look < looks_) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  sleepers_.fetch_add(1);
  while (round_.load() == round) sleep_while(round_, round, nap_);
  sleepers_.fetch_sub(1);
}

Team::Team(int size) : Team(size, size <= usable_cores() ? Barrier::Cores::own : Barrier::Cores::shared) {}

Team::Team(int size, Barrier::Cores cores)
    : size_(size), active_(size), stages_(size, cores), start_(size, cores), done_(size, cores) {
  try {
    for (int index = 1; index < size; ++index) threads_.emplace_back([this, index] { serve(index); });
  } catch (const std::exception& failure) {
    // Those that have started wait for all: with these they go home.
    for (int missing = static_cast<int>(threads_.size()); missing < size; ++missing) start_.arrive();
    const auto* error = dynamic_cast<const std::system_error*>(&failure);
    if (error == nullptr) throw;
    throw Failure(kRunFailed, "cannot start " + std::to_string(size) + " threads (" +
                                  error->code().message() +
                                  "); use fewer (--threads of train, or taskset), or allow more (ulimit -u)");
  }
}

void Team::serve(int index) {
  for (start_.wait(); job_ != nullptr; start_.wait()) {
    const bool works = index < active_.load(std::memory_order_relaxed);
    if (works) (*job_)(worker(index));
    done_.wait();
    if (!works) rest(index);
  }
}

Team::~Team() {
  job_ = nullptr;
  if (active_.load(std::memory_order_relaxed) < size_) grow(size_);
  start_.wait();
}

void Team::run(const std::function<void(const Worker&)>& job, int workers) {
  const int before = active_.load(std::memory_order_relaxed);
  job_ = &job;
  stages_.set_count(workers);
  if (workers > before) grow(workers);
  // Those who are to rest learn it when they start, and come once more to where all are done: who would wait
  // for them no longer could have them start the next job unawares.
  if (workers < before) active_.store(workers, std::memory_order_relaxed);
  start_.wait();
  job(worker(0));
  done_.wait();
  if (workers >= before) return;
  start_.set_count(workers);
  done_.set_count(workers);
}

void Team::grow(int workers) {
  start_.set_count(workers);
  done_.set_count(workers);
  active_.store(workers);
  changes_.fetch_add(1);
  wake_all(changes_);
}

void Team::rest(int index) {
  for (;;) {
    const std::uint32_t change = changes_.load();
    if (index < active_.load()) return;
    sleep_while(changes_, change, std::chrono::seconds(1));
  }
}

Worker Team::worker(int index) {
  return {.index = index,
          .count = active_.load(std::memory_order_relaxed),
          .wait_at = [](void* barrier) { static_cast<Barrier*>(barrier)->wait(); },
          .barrier = &stages_};
}

}  // namespace ppo
