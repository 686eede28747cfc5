// The emulator under ThreadSanitizer: it must be silent about kernels that are right, and speak about the
// same kernels once one ordering is taken away. Built with -fsanitize=thread, emulator included. Exit code 0:
// as it must be; 77: built without.
#include <fcntl.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "simt/sanitizers.hpp"
#include "simt/small_kernels.hpp"

namespace ppo::simt::test {
namespace {

int g_reports = 0;
int g_wrong = 0;

/// Runs a case by several schedules. Races must be reported in one of them, or in none.
template <class Case>
void expect(bool race, const char* name, Case run) {
#ifdef SIMT_THREAD_SANITIZER
  static int hidden = open("/dev/null", O_WRONLY);
  __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(race ? hidden : 2)));
#endif
  g_reports = 0;
  for (std::uint64_t seed = 0; seed < 4 && !(race && g_reports > 0); ++seed) {
    for (const Starve starve : {Starve::kNone, Starve::kChanging}) {
      run(Schedule{.seed = seed, .starve = starve});
    }
  }
  const bool wrong = (g_reports > 0) != race;
  std::printf("%s: %d reports%s\n", name, g_reports, wrong ? ", WRONG" : "");
  if (wrong) ++g_wrong;
}

/// The kernel without each of its barriers in turn; intact first.
template <class Right>
void expect_each(const char* name, Right right) {
  LaunchRecord record;
  right(Schedule{}, &record);
  expect(false, name, [&](const Schedule& schedule) {
    if (!right(schedule, nullptr)) ++g_wrong;
  });
  for (const SiteUse& site : record.sites) {
    if (!is_barrier(site.call) && site.call != Call::kLook) continue;
    const std::string without =
        std::string(name) + " without " + to_string(site.call) + " in line " + std::to_string(site.line);
    expect(true, without.c_str(), [&](Schedule schedule) {
      schedule.removed = CallSite{site.file, site.line};
      try {
        right(schedule, nullptr);
      } catch (const SimtError&) {  // in some orders a block ends before others have read its memory
      }
    });
  }
}

/// A value that lane 0 leaves for lane 1, with only that between which `between` does.
template <class Between>
void hand_over(const Schedule& schedule, Between between) {
  launch({.threads = 64, .shared_bytes = sizeof(int)}, schedule, [&] {
    int& cell = *reinterpret_cast<int*>(device::shared_memory());
    if (device::thread_index() == 0) cell = 1;
    between();
    if (device::thread_index() == 1 && cell == 2) std::printf("never\n");
  });
}

[[maybe_unused]] void all() {
  expect_each("block sum",
              [](const Schedule& s, LaunchRecord* record) { return sums_right(block_sum, s, record); });
  expect_each("group sum",
              [](const Schedule& s, LaunchRecord* record) { return sums_right(group_sum, s, record); });
  expect_each("ring", [](const Schedule& s, LaunchRecord* record) { return ring_right(3, s, record); });
  expect_each("cluster sum", [](const Schedule& s, LaunchRecord* r) {
    return cluster_sums_right(probes::cluster_sum, 3, s, r);
  });
  expect_each("cluster share", [](const Schedule& s, LaunchRecord* r) {
    return cluster_sums_right(probes::cluster_share, 3, s, r);
  });
  expect(false, "large ring", [](const Schedule& s) { ring_right(8, s); });  // 1024 threads
  expect(true, "ring with unordered counters", [](Schedule schedule) {
    schedule.unordered_counters = true;
    ring_right(3, schedule);
  });
  expect(false, "handed over by a warp barrier",
         [](const Schedule& s) { hand_over(s, [] { device::sync_warp(); }); });
  expect(true, "handed over by a shuffle",
         [](const Schedule& s) { hand_over(s, [] { device::shuffle(1, 0); }); });
  expect(true, "handed over by another group's barrier", [](const Schedule& s) {
    hand_over(s, [] {
      if (device::thread_index() >= 32) device::sync_group(1, 32);
    });
  });
  expect(true, "handed over by a failed launch's barrier", [](const Schedule& s) {
    try {
      hand_over(s, [] {
        if (device::thread_index() == 40) throw 1;
        device::shuffle(1, 0);
      });
    } catch (int) {
    }
    hand_over(s, [] { device::shuffle(1, 0); });
  });
  int cell = 0;  // host and kernel in turn, and a kernel that fails
  expect(false, "launches in a row", [&](const Schedule& schedule) {
    for (int i = 0; i < 8; ++i) {
      ++cell;
      try {
        launch({.threads = 32}, schedule, [&] {
          if (device::thread_index() == 3 * i) ++cell;
          device::sync_warp();
          if (i % 2 == 0 && device::thread_index() == 9) throw i;
        });
      } catch (int) {
      }
    }
  });
}

}  // namespace
}  // namespace ppo::simt::test

#ifdef SIMT_THREAD_SANITIZER
/// Not watched: a report about the counting would wait for the one that is being counted.
extern "C" SIMT_UNWATCHED void __tsan_on_report(void*) {
  ++ppo::simt::test::g_reports;
}

/// Every race counts, seen before or not. Most reports are there on purpose, and naming their lines takes
/// long: TSAN_OPTIONS=symbolize=1 names them.
extern "C" const char* __tsan_default_options() {
  return "exitcode=0:suppress_equal_stacks=0:suppress_equal_addresses=0:symbolize=0";
}
#endif

int main() {
#ifdef SIMT_THREAD_SANITIZER
  ppo::simt::test::all();
  return ppo::simt::test::g_wrong == 0 ? 0 : 1;
#else
  std::printf("built without ThreadSanitizer\n");
  return 77;
#endif
}
