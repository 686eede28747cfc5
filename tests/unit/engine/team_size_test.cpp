// On simulated machines, idle and busy, with few cores and many: what the search finds is hardly slower than
// the best size, whatever it costs to find it.
#include "engine/cpu/team_size.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace ppo {
namespace {

/// Cores that other programs share, each with one that never rests. The scheduler gives both turns of `turn`,
/// and a team goes on only while all of its threads have theirs.
struct Machine {
  int cores;
  int busy = 0;
  double turn = 0.004;  // [s]
  int units = 1 << 20;  // of work that threads can share: more threads have none
  double barrier = 0;   // what each doubling of the threads costs an update [s]

  /// Whether a team of so many threads goes on at that time. Busy cores are a little out of step with each
  /// other.
  bool goes_on(int threads, double time) const {
    for (int core = cores - busy; core < std::min(threads, cores); ++core) {
      const double phase = std::fmod(time / turn + 0.08 * core, 2.0);
      if (phase >= 1) return false;
    }
    return true;
  }

  /// Of an update of so much work on one thread, begun at that time [s].
  double seconds(double work, int threads, double begin) const {
    constexpr double kTick = 0.0002;
    const double share = std::ceil(static_cast<double>(units) / std::min(threads, units)) / units;
    double left = work * share + barrier * std::log2(threads);
    double time = begin;
    while (left > 0) {
      const bool goes = goes_on(threads, time);
      const double part = goes ? std::min(kTick, left) : kTick;
      if (goes) left -= part;
      time += part;
    }
    return time - begin;
  }
};

struct Case {
  std::string name;
  Machine machine;
  double work;  // of an update, on one thread [s]
};
void PrintTo(const Case& machine, std::ostream* out) {
  *out << machine.name;
}

/// Updates until that time, with sizes that `choose` gives.
template <class Choose, class Note>
double updates_per_second(const Case& test, double until, Choose choose, Note note) {
  double time = 0;
  int updates = 0;
  for (; time < until; ++updates) {
    const double seconds = test.machine.seconds(test.work, choose(), time);
    time += seconds;
    note(seconds);
  }
  return updates / time;
}

double best_fixed(const Case& test, double until) {
  double best = 0;
  for (int threads = 1; threads <= test.machine.cores; ++threads) {
    best = std::max(best, updates_per_second(
                              test, until, [&] { return threads; }, [](double) {}));
  }
  return best;
}

class TeamSizeOn : public ::testing::TestWithParam<Case> {};

TEST_P(TeamSizeOn, IsHardlySlowerThanTheBest) {
  const Case& test = GetParam();
  for (const double until : {0.3, 4.0}) {
    SCOPED_TRACE(until);
    if (test.work > until / 10) continue;
    TeamSize size(test.machine.cores, std::min(test.machine.cores, test.machine.units));
    const double found = updates_per_second(
        test, until, [&] { return size.current(); }, [&](double seconds) { size.add(seconds, 1); });
    const double best = best_fixed(test, until);
    EXPECT_GE(found / best, until < 1 ? 0.8 : 0.9) << "mean " << size.mean();
  }
}

INSTANTIATE_TEST_SUITE_P(
    , TeamSizeOn,
    ::testing::Values(Case{"idle2", {.cores = 2}, 0.004}, Case{"busy2", {.cores = 2, .busy = 1}, 0.004},
                      Case{"long_turns2", {.cores = 2, .busy = 1, .turn = 0.006}, 0.003},
                      Case{"short_updates2", {.cores = 2, .busy = 1}, 0.0003},
                      Case{"long_updates2", {.cores = 2, .busy = 1}, 0.05},
                      Case{"idle4", {.cores = 4}, 0.004}, Case{"busy4", {.cores = 4, .busy = 1}, 0.004},
                      Case{"busy2of4", {.cores = 4, .busy = 2}, 0.004}, Case{"idle16", {.cores = 16}, 0.004},
                      Case{"busy16", {.cores = 16, .busy = 1}, 0.016},
                      Case{"busy2of16", {.cores = 16, .busy = 2}, 0.016},
                      Case{"busy5of16", {.cores = 16, .busy = 5}, 0.016},
                      Case{"small16", {.cores = 16, .units = 8, .barrier = 0.0001}, 0.002},
                      Case{"tiny16", {.cores = 16, .units = 2, .barrier = 0.0004}, 0.001},
                      Case{"idle64", {.cores = 64}, 0.03}, Case{"busy9of64", {.cores = 64, .busy = 9}, 0.03},
                      Case{"long16", {.cores = 16}, 0.3}),
    [](const auto& test) { return test.param.name; });

/// The mean size over a second, after so many to get used to the machine.
double usual_size(TeamSize& size, const Case& test, double seconds_before) {
  const auto choose = [&] { return size.current(); };
  updates_per_second(test, seconds_before, choose, [&](double seconds) { size.add(seconds, 1); });
  double thread_seconds = 0;
  double all = 0;
  updates_per_second(test, 1, choose, [&](double seconds) {
    thread_seconds += seconds * size.current();
    all += seconds;
    size.add(seconds, 1);
  });
  return thread_seconds / all;
}

// What comes and goes is noticed.
TEST(TeamSize, FollowsWhatChanges) {
  const Case idle{"idle", {.cores = 2, .barrier = 0.0005}, 0.004};
  const Case busy{"busy", {.cores = 2, .busy = 1, .barrier = 0.0005}, 0.004};
  TeamSize size(2, 2);
  EXPECT_GT(usual_size(size, idle, 2), 1.9);
  EXPECT_LT(usual_size(size, busy, 2), 1.1);
  EXPECT_GT(usual_size(size, idle, 3), 1.9);
}

TEST(TeamSize, OfOneHasNoChoice) {
  TeamSize size(1, 1);
  EXPECT_EQ(size.mean(), 1);
  for (int i = 0; i < 100; ++i) {
    size.add(0.1, 1);
    ASSERT_EQ(size.current(), 1);
  }
}

// Beside the slow update that asks for a look every other size would seem fast.
TEST(TeamSize, IsNotMisledByASlowUpdate) {
  TeamSize size(2, 2);
  for (int update = 0; update < 1000; ++update) {
    const bool is_disturbed = update % 9 == 5;
    size.add(size.current() == 2 ? 0.020 : is_disturbed ? 0.028 : 0.014, 1);
  }
  EXPECT_LT(size.mean(), 1.15);
}

// When a process starts, both threads may be on one core for a while.
TEST(TeamSize, IsNotMisledByASlowStart) {
  TeamSize size(2, 2);
  for (int update = 0; update < 50; ++update) {
    size.add(size.current() == 1 ? 0.011 : update < 2 ? 0.020 : 0.008, 1);
  }
  EXPECT_GT(size.mean(), 1.9);
}

// Epochs that end early are less work, not a faster machine.
TEST(TeamSize, MeasuresByTheWork) {
  TeamSize size(2, 2);
  for (int update = 0; update < 2000; ++update) {
    const double work = update % 200 < 100 ? 1 : 13;
    size.add(0.001 * work / size.current(), work);
  }
  EXPECT_GT(size.mean(), 1.95);
}

// With hardware threads beyond the cores it begins with the cores, and takes the others if they help.
TEST(TeamSize, BeginsWhereItIsTold) {
  TeamSize size(8, 4);
  EXPECT_EQ(size.current(), 4);
  for (int update = 0; update < 2000; ++update) size.add(0.002 / size.current(), 1);
  EXPECT_EQ(size.current(), 8);
}

}  // namespace
}  // namespace ppo
