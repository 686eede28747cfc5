#include "system/memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <limits>
#include <string>

#include "system/cgroups.hpp"

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

/// Of the address space that the process may map (ulimit -v).
std::uint64_t available_in_address_space() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  std::uint64_t pages = 0;
  if (!(std::ifstream("/proc/self/statm") >> pages)) return kUnlimited;
  const std::uint64_t mapped = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return limit.rlim_cur - std::min<std::uint64_t>(limit.rlim_cur, mapped);
}

/// A tenth of a unit is the smallest step.
std::string memory_text(double bytes, double (*round)(double)) {
  constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  double number = bytes / 1024;
  for (; number >= 1024 && unit + 1 < kUnits.size(); ++unit) number /= 1024;
  return fmt::format("{:.1f} {}", round(number * 10) / 10, kUnits[unit]);
}

}  // namespace

std::uint64_t available_memory() {
  return std::min({available_in_machine(), Cgroups().memory(), available_in_address_space()});
}

std::string needed_text(double bytes) {
  return memory_text(bytes, std::ceil);
}

std::string available_text(std::uint64_t bytes) {
  return memory_text(static_cast<double>(bytes), std::floor);
}

}  // namespace ppo
