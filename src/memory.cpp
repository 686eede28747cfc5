#include "memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace ppo {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

std::uint64_t available_in_machine() {
  std::ifstream file("/proc/meminfo");
  std::uint64_t kib = 0;
  for (std::string key; file >> key; file.ignore(kUnlimited >> 1, '\n')) {
    if (key == "MemAvailable:" && file >> kib) return kib * 1024;
  }
  return kUnlimited;
}

/// Of the cgroup (version 2) that a container sees as its root.
std::uint64_t available_in_cgroup() {
  std::uint64_t limit = 0;
  std::uint64_t used = 0;
  if (!(std::ifstream("/sys/fs/cgroup/memory.max") >> limit)) return kUnlimited;  // "max", or no such file
  std::ifstream("/sys/fs/cgroup/memory.current") >> used;
  return limit - std::min(limit, used);
}

}  // namespace

std::uint64_t available_memory() {
  return std::min(available_in_machine(), available_in_cgroup());
}

}  // namespace ppo
