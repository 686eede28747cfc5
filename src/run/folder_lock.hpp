// One process at a time works in a run folder.
#pragma once

#include <filesystem>
#include <optional>

#include "descriptor.hpp"

namespace ppo {

/// Keeps other processes out while it lives, also when this one is killed: the system forgets it then. Where
/// folders cannot be locked, as on NFS, a file `lock` in it is. Where that cannot be either, a note says so.
class FolderLock {
 public:
  /// Throws Failure(kRunFailed) when another process has it, or there is no such folder.
  explicit FolderLock(const std::filesystem::path& folder);

  /// Whether `folder` leads to the one that is held; others may have moved or removed that.
  bool is_on(const std::filesystem::path& folder) const;

 private:
  Descriptor folder_;
  std::optional<Descriptor> file_;
};

}  // namespace ppo
