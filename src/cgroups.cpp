#include "cgroups.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <utility>

namespace ppo {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

/// "0::/user.slice/job" -> "user.slice/job". One outside of what is mounted ("/../job") counts as the root.
std::filesystem::path read_membership(const std::filesystem::path& file) {
  constexpr std::string_view kVersion2 = "0::/";
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(kVersion2)) continue;
    const std::filesystem::path path = line.substr(kVersion2.size());
    return std::find(path.begin(), path.end(), "..") == path.end() ? path : "";
  }
  return "";
}

/// "max 100000", "150000 100000", or no such file, as in the root of a machine.
double cores_of(const std::filesystem::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period) || period <= 0) return std::numeric_limits<double>::infinity();
  return quota / period;
}

/// Pages of files that nobody has used of late: the kernel takes them back before it refuses memory.
std::uint64_t idle_file_pages(const std::filesystem::path& group) {
  std::ifstream file(group / "memory.stat");
  std::uint64_t bytes = 0;
  for (std::string key; file >> key >> bytes;) {
    if (key == "inactive_file") return bytes;
  }
  return 0;
}

std::uint64_t memory_of(const std::filesystem::path& group) {
  std::uint64_t limit = 0;
  std::uint64_t used = 0;
  if (!(std::ifstream(group / "memory.max") >> limit)) return kUnlimited;  // "max", or no such file
  std::ifstream(group / "memory.current") >> used;
  used -= std::min(used, idle_file_pages(group));
  return limit - std::min(limit, used);
}

/// The least of what `limit_of` says of the group and of all above it.
template <class Limit>
auto least(std::filesystem::path group, const std::filesystem::path& own, Limit limit_of) {
  auto result = limit_of(group);
  for (const std::filesystem::path& name : own) result = std::min(result, limit_of(group /= name));
  return result;
}

}  // namespace

Cgroups::Cgroups(std::filesystem::path mount, const std::filesystem::path& membership)
    : mount_(std::move(mount)), own_(read_membership(membership)) {}

double Cgroups::cores() const {
  return least(mount_, own_, cores_of);
}

std::uint64_t Cgroups::memory() const {
  return least(mount_, own_, memory_of);
}

}  // namespace ppo
