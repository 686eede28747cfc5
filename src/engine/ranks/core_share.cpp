#include "engine/ranks/core_share.hpp"

#include <algorithm>
#include <cstddef>

namespace ppo {

std::vector<int> core_share(const std::vector<int>& cores, int index, int count) {
  const auto all = static_cast<std::ptrdiff_t>(cores.size());
  if (all == 0) return {};
  if (all < count) return {cores[static_cast<std::size_t>(index % all)]};
  return {cores.begin() + all * index / count, cores.begin() + all * (index + 1) / count};
}

void take_core_share(std::span<const cpu_set_t> processes, int self) {
  const cpu_set_t& own = processes[static_cast<std::size_t>(self)];
  int index = 0;
  int count = 0;
  for (std::size_t other = 0; other < processes.size(); ++other) {
    if (!CPU_EQUAL(&processes[other], &own)) continue;
    if (other < static_cast<std::size_t>(self)) ++index;
    ++count;
  }
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &own)) cores.push_back(core);
  }
  cpu_set_t share;
  CPU_ZERO(&share);
  for (const int core : core_share(cores, index, count)) CPU_SET(core, &share);
  sched_setaffinity(0, sizeof share, &share);
}

}  // namespace ppo
