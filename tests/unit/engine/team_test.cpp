// A team runs a job once on each of its workers, again and again, and nothing of it is left over.
#include "engine/cpu/team.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "ppo/hash.hpp"
#include "system/cores.hpp"
#include "unit/engine/one_core.hpp"

namespace ppo {
namespace {

class TeamOf : public ::testing::TestWithParam<int> {
 protected:
  const int size_ = GetParam();
  std::vector<int> zeros() const { return std::vector<int>(static_cast<std::size_t>(size_)); }
};

// Plain memory throughout: run() orders what is written before, in and after a job.
TEST_P(TeamOf, RunsAJobOnceOnEachWorkerAgainAndAgain) {
  Team team(size_);
  EXPECT_EQ(team.size(), size_);
  std::vector<int> calls = zeros();
  for (int job = 1; job <= 1000; ++job) {
    const int message = job;
    std::vector<int> received = zeros();
    team.run([&](const Worker& worker) {
      EXPECT_EQ(worker.count, size_);
      ++calls[static_cast<std::size_t>(worker.index)];
      received[static_cast<std::size_t>(worker.index)] = message;
    });
    ASSERT_EQ(calls, std::vector<int>(calls.size(), job));
    ASSERT_EQ(received, std::vector<int>(calls.size(), job));
  }
}

TEST_P(TeamOf, ReturnsWhenTheSlowestIsDone) {
  Team team(size_);
  for (int slow = 0; slow < size_; ++slow) {
    std::vector<int> done = zeros();
    team.run([&](const Worker& worker) {
      if (worker.index == slow) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      done[static_cast<std::size_t>(worker.index)] = 1;
    });
    EXPECT_EQ(done, std::vector<int>(done.size(), 1)) << "slow " << slow;
  }
}

// Each stage turns all numbers that the one before wrote into new ones: a stale one would change all that
// follow.
TEST_P(TeamOf, ItsBarrierSeparatesStages) {
  constexpr int kStages = 1000;
  std::vector<std::uint64_t> numbers(static_cast<std::size_t>(size_), kFnvOffset);
  const auto next = [&] { return fnv1a(numbers.data(), numbers.size() * sizeof(std::uint64_t)); };

  Team team(size_);
  team.run([&](const Worker& worker) {
    for (int stage = 0; stage < kStages; ++stage) {
      const std::uint64_t number = next();
      worker.wait();  // all have read
      numbers[static_cast<std::size_t>(worker.index)] = number;
      worker.end(Stage::adam);
    }
  });
  const std::vector<std::uint64_t> together = numbers;

  numbers.assign(numbers.size(), kFnvOffset);
  for (int stage = 0; stage < kStages; ++stage) numbers.assign(numbers.size(), next());
  EXPECT_EQ(together, numbers);
}

// Whoever rests misses the jobs in between, and none that it is wanted for.
TEST_P(TeamOf, RunsAJobOnAsManyAsItIsTold) {
  Team team(size_);
  for (int job = 0; job < 3000; ++job) {
    const int workers = 1 + static_cast<int>(fnv1a(&job, sizeof job) % static_cast<std::uint64_t>(size_));
    std::vector<int> calls = zeros();
    std::vector<int> seen = zeros();
    team.run(
        [&](const Worker& worker) {
          EXPECT_EQ(worker.count, workers);
          ++calls[static_cast<std::size_t>(worker.index)];
          worker.wait();
          for (int index = 0; index < workers; ++index) {
            seen[static_cast<std::size_t>(worker.index)] += calls[static_cast<std::size_t>(index)];
          }
        },
        workers);
    for (int index = 0; index < size_; ++index) {
      ASSERT_EQ(calls[static_cast<std::size_t>(index)], index < workers ? 1 : 0) << job;
      ASSERT_EQ(seen[static_cast<std::size_t>(index)], index < workers ? workers : 0) << job;
    }
  }
}

TEST_P(TeamOf, EndsWhileSomeRest) {
  for (int workers = 1; workers <= size_; ++workers) {
    Team team(size_);
    team.run([](const Worker&) {}, workers);
    team.run([](const Worker&) {}, workers);
  }
}

TEST_P(TeamOf, KeepsItsThreadsAndTheCallerLeads) {
  Team team(size_);
  std::vector<std::thread::id> before(static_cast<std::size_t>(size_));
  for (int job = 0; job < 20; ++job) {
    std::vector<std::thread::id> ids(before.size());
    team.run([&](const Worker& worker) {
      ids[static_cast<std::size_t>(worker.index)] = std::this_thread::get_id();
    });
    EXPECT_EQ(ids.front(), std::this_thread::get_id());
    EXPECT_EQ((std::set<std::thread::id>(ids.begin(), ids.end()).size()), ids.size());
    if (job > 0) {
      EXPECT_EQ(ids, before);
    }
    before = ids;
  }
}

TEST_P(TeamOf, GoesHomeWithoutEverHavingWorked) {
  for (int i = 0; i < 20; ++i) const Team team(size_);
}

TEST_P(TeamOf, TwoTeamsDoNotMeet) {
  Team team(size_);
  Team other(size_ + 1);
  int jobs = 0;
  for (int i = 0; i < 50; ++i) {
    team.run([&](const Worker& worker) {
      worker.wait();
      if (worker.leads())
        other.run([&](const Worker& inner) {
          if (inner.leads()) ++jobs;
        });
    });
  }
  EXPECT_EQ(jobs, 50);
}

INSTANTIATE_TEST_SUITE_P(Workers, TeamOf, ::testing::Values(1, 2, 3, 8), ::testing::PrintToStringParamName());

TEST(UsableCores, AreThoseOfTheAffinity) {
  EXPECT_GE(usable_cores(), 1);
  const testing::OneCore held;
  EXPECT_EQ(usable_cores(), 1);
}

}  // namespace
}  // namespace ppo
