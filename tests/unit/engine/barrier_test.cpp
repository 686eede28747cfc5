// The barrier lets nobody pass early, and who passes sees what the others wrote, with any number of threads
// on any number of cores.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "engine/cpu/team.hpp"
#include "unit/engine/one_core.hpp"

namespace ppo {
namespace {

struct Meeting {
  int count;
  Barrier::Cores cores;
};

/// What went wrong over all rounds and threads.
struct Faults {
  std::atomic<int> early{0};  // passed before all had arrived
  std::atomic<int> stale{0};  // did not see what another wrote before the barrier
};

/// Each round: everybody writes to its own mailbox, meets the others, and reads all mailboxes. `before` is
/// called with (round, thread) first, to spread the arrivals.
template <class Before>
void meet(Meeting meeting, int rounds, Before before, Faults& faults) {
  const int count = meeting.count;
  Barrier barrier(count, meeting.cores, std::chrono::hours(1));  // nobody wakes by himself
  std::vector<std::atomic<int>> arrived(static_cast<std::size_t>(rounds));
  std::vector<int> mailboxes(static_cast<std::size_t>(count), -1);  // plain memory: the barrier orders it
  const auto member = [&](int index) {
    for (int round = 0; round < rounds; ++round) {
      before(round, index);
      mailboxes[static_cast<std::size_t>(index)] = round;
      std::atomic<int>& here = arrived[static_cast<std::size_t>(round)];
      here.fetch_add(1, std::memory_order_relaxed);
      barrier.wait();
      if (here.load(std::memory_order_relaxed) != count) ++faults.early;
      for (const int mail : mailboxes) faults.stale += mail == round ? 0 : 1;
      barrier.wait();  // all have read
    }
  };
  std::vector<std::jthread> threads;
  for (int index = 1; index < count; ++index) threads.emplace_back(member, index);
  member(0);
}

class BarrierOf : public ::testing::TestWithParam<Meeting> {};

TEST_P(BarrierOf, HoldsRoundAfterRound) {
  Faults faults;
  meet(
      GetParam(), 3000, [](int, int) {}, faults);
  EXPECT_EQ(faults.early, 0);
  EXPECT_EQ(faults.stale, 0);
}

TEST_P(BarrierOf, HoldsOnOneCore) {
  const testing::OneCore held;
  Faults faults;
  meet(
      GetParam(), 500, [](int, int) {}, faults);
  EXPECT_EQ(faults.early, 0);
  EXPECT_EQ(faults.stale, 0);
}

// Long enough for the others to have stopped spinning: they must be woken.
TEST_P(BarrierOf, WakesThoseThatSleep) {
  Faults faults;
  const int count = GetParam().count;
  const auto one_is_late = [count](int round, int index) {
    if (index == round % count) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  meet(GetParam(), 20, one_is_late, faults);
  EXPECT_EQ(faults.early, 0);
  EXPECT_EQ(faults.stale, 0);
}

std::vector<Meeting> meetings() {
  std::vector<Meeting> all;
  for (const int count : {1, 2, 3, 8}) {
    for (const Barrier::Cores cores : {Barrier::Cores::own, Barrier::Cores::shared})
      all.push_back({count, cores});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Threads, BarrierOf, ::testing::ValuesIn(meetings()), [](const auto& meeting) {
  return std::to_string(meeting.param.count) + (meeting.param.cores == Barrier::Cores::own ? "" : "_sharing");
});

}  // namespace
}  // namespace ppo
