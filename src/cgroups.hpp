// What the control groups (version 2) that this process is in leave it: its own, and all that hold that one.
#pragma once

#include <cstdint>
#include <filesystem>

namespace ppo {

class Cgroups {
 public:
  /// `mount` is the folder of the group that a container sees as its root; `membership` says where below it
  /// the process is. Without them there are no limits.
  explicit Cgroups(std::filesystem::path mount = "/sys/fs/cgroup",
                   const std::filesystem::path& membership = "/proc/self/cgroup");

  /// Of the least quota, 1.5 for example; infinity where there is none.
  double cores() const;

  /// Bytes that can still be taken; the largest number where there is no limit.
  std::uint64_t memory() const;

 private:
  std::filesystem::path mount_;
  std::filesystem::path own_;  // relative to the mount
};

}  // namespace ppo
