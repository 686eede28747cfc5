// Limits of the control groups of this process: its own group and all its parents.
#pragma once

#include <cstdint>
#include <filesystem>

namespace ppo {

/// A group's place in one hierarchy of groups.
struct Cgroup {
  std::filesystem::path mount;  // the folder of the hierarchy's root, or of what a container sees as that
  std::filesystem::path own;    // relative to it
};

class Cgroups {
 public:
  /// `mounts` is the folder of version 2's hierarchy, and holds those of version 1's controllers;
  /// `membership` says where the process is in each. Without them there are no limits.
  explicit Cgroups(const std::filesystem::path& mounts = "/sys/fs/cgroup",
                   const std::filesystem::path& membership = "/proc/self/cgroup");

  /// Cores of the smallest quota, 1.5 for example; infinity if there is none.
  double cores() const;

  /// Bytes that can still be allocated; more than any machine has if there is no limit.
  std::uint64_t memory() const;

 private:
  Cgroup version2_, cpu1_, memory1_;
};

}  // namespace ppo
