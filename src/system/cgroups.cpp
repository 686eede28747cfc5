#include "system/cgroups.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

namespace ppo {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

/// Whether `name` is one of the words between the commas; both may be empty.
bool lists(std::string_view words, std::string_view name) {
  for (;;) {
    const std::size_t comma = words.find(',');
    if (words.substr(0, comma) == name) return true;
    if (comma == std::string_view::npos) return false;
    words.remove_prefix(comma + 1);
  }
}

/// The group that a line such as "4:cpu,cpuacct:/slice/job" names for the controller; version 2's line has
/// none. A group outside of what is mounted ("/../job") counts as the root.
std::filesystem::path own_group(const std::filesystem::path& membership, std::string_view controller) {
  std::ifstream stream(membership);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t names = line.find(':') + 1;
    const std::size_t slash = line.find(":/", names);
    if (names == 0 || slash == std::string::npos) continue;
    if (!lists(std::string_view(line).substr(names, slash - names), controller)) continue;
    const std::filesystem::path path = line.substr(slash + 2);
    return std::find(path.begin(), path.end(), "..") == path.end() ? path : "";
  }
  return "";
}

template <class Number>
Number read_number(const std::filesystem::path& file, Number otherwise) {
  Number number{};
  return std::ifstream(file) >> number ? number : otherwise;
}

double cores_of(double quota, double period) {
  return quota > 0 && period > 0 ? quota / period : std::numeric_limits<double>::infinity();
}

/// "max 100000", "150000 100000", or no such file, as in the root of a machine.
double cores_in_version2(const std::filesystem::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  return file >> quota >> period ? cores_of(quota, period) : cores_of(0, 0);
}

/// The quota is -1 where there is none.
double cores_in_version1(const std::filesystem::path& group) {
  return cores_of(read_number(group / "cpu.cfs_quota_us", 0.0),
                  read_number(group / "cpu.cfs_period_us", 0.0));
}

/// The files of a memory controller, and what its statistics call the pages of files and what else the kernel
/// takes back before it refuses memory.
struct MemoryFiles {
  const char* limit;
  const char* used;
  std::array<std::string_view, 3> reclaimable;
};

std::uint64_t memory_of(const std::filesystem::path& group, const MemoryFiles& files) {
  const auto limit = read_number(group / files.limit, kUnlimited);  // "max" is no number
  if (limit == kUnlimited) return kUnlimited;
  std::uint64_t used = read_number(group / files.used, std::uint64_t{0});
  std::ifstream statistics(group / "memory.stat");
  std::uint64_t bytes = 0;
  for (std::string key; statistics >> key >> bytes;) {
    const auto& names = files.reclaimable;
    if (std::find(names.begin(), names.end(), key) != names.end()) used -= std::min(used, bytes);
  }
  return limit - std::min(limit, used);
}

std::uint64_t memory_in_version2(const std::filesystem::path& group) {
  return memory_of(group,
                   {"memory.max", "memory.current", {"inactive_file", "active_file", "slab_reclaimable"}});
}

std::uint64_t memory_in_version1(const std::filesystem::path& group) {
  return memory_of(
      group,
      {"memory.limit_in_bytes", "memory.usage_in_bytes", {"total_inactive_file", "total_active_file"}});
}

/// The least of what `limit_of` says of the group and of all above it.
template <class Limit>
auto least(const Cgroup& group, Limit limit_of) {
  std::filesystem::path folder = group.mount;
  auto result = limit_of(folder);
  for (const std::filesystem::path& name : group.own) result = std::min(result, limit_of(folder /= name));
  return result;
}

}  // namespace

Cgroups::Cgroups(const std::filesystem::path& mounts, const std::filesystem::path& membership)
    : version2_{mounts, own_group(membership, "")},
      cpu1_{mounts / "cpu", own_group(membership, "cpu")},
      memory1_{mounts / "memory", own_group(membership, "memory")} {}

double Cgroups::cores() const {
  return std::min(least(version2_, cores_in_version2), least(cpu1_, cores_in_version1));
}

std::uint64_t Cgroups::memory() const {
  return std::min(least(version2_, memory_in_version2), least(memory1_, memory_in_version1));
}

}  // namespace ppo
