// One process at a time works in a run folder.
#pragma once

#include <filesystem>

#include "descriptor.hpp"

namespace ppo {

/// Keeps other processes out while it lives, also when this one is killed: the system forgets it then. On a
/// file system that cannot lock folders it does nothing.
class FolderLock {
 public:
  /// Throws Failure(kRunFailed) when another process has it, or there is no such folder.
  explicit FolderLock(const std::filesystem::path& folder);

  /// Whether `folder` leads to the one that is held; others may have moved or removed that.
  bool is_on(const std::filesystem::path& folder) const;

 private:
  Descriptor folder_;
};

}  // namespace ppo
