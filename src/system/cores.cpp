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
