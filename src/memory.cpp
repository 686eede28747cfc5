#include "memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "cgroups.hpp"

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

}  // namespace

std::uint64_t available_memory() {
  return std::min(available_in_machine(), Cgroups().memory());
}

}  // namespace ppo
