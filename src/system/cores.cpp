#include "system/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "system/cgroups.hpp"

namespace ppo {
namespace {

/// Hardware threads that this process may run on.
std::vector<int> allowed_threads() {
  std::vector<int> threads;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {  // with more threads than a set has room for
    for (unsigned thread = 0; thread < std::thread::hardware_concurrency(); ++thread) {
      threads.push_back(static_cast<int>(thread));
    }
    return threads;
  }
  for (int thread = 0; thread < CPU_SETSIZE; ++thread) {
    if (CPU_ISSET(thread, &allowed)) threads.push_back(thread);
  }
  return threads;
}

/// As many as the cgroups' quota allows, but one.
int within_quota(std::size_t cores) {
  const double quota = std::ceil(Cgroups().cores());
  return std::max(1, static_cast<int>(std::min(static_cast<double>(cores), quota)));
}

}  // namespace

int usable_cores() {
  return within_quota(allowed_threads().size());
}

int usable_whole_cores() {
  return within_quota(static_cast<std::size_t>(whole_cores(allowed_threads())));
}

int usable_fast_cores() {
  return within_quota(static_cast<std::size_t>(whole_cores(fast_threads(allowed_threads()))));
}

std::vector<int> fast_threads(const std::vector<int>& threads, const std::filesystem::path& processors) {
  // The efficient cores of a processor reach at most 81 % of the others' rate (Intel Core Ultra 9 285K: 4.6
  // of 5.7 GHz), its favoured ones hardly more than those beside them.
  constexpr double kFast = 0.85;
  for (const char* file : {"cpu_capacity", "cpufreq/cpuinfo_max_freq"}) {
    std::vector<double> speeds;
    for (const int thread : threads) {
      double speed = 0;
      if (std::ifstream(processors / ("cpu" + std::to_string(thread)) / file) >> speed)
        speeds.push_back(speed);
    }
    if (speeds.empty() || speeds.size() < threads.size()) continue;
    const double least = kFast * *std::ranges::max_element(speeds);
    std::vector<int> fast;
    for (std::size_t i = 0; i < threads.size(); ++i) {
      if (speeds[i] >= least) fast.push_back(threads[i]);
    }
    return fast;
  }
  return threads;
}

int whole_cores(const std::vector<int>& threads, const std::filesystem::path& processors) {
  std::set<std::string> cores;  // by the threads of each: "0,64"
  for (const int thread : threads) {
    const std::string number = std::to_string(thread);
    std::string siblings;
    std::ifstream(processors / ("cpu" + number) / "topology" / "thread_siblings_list") >> siblings;
    cores.insert(siblings.empty() ? number : siblings);
  }
  return static_cast<int>(cores.size());
}

}  // namespace ppo
