// One process at a time works in a run folder.
#pragma once

#include <filesystem>

#include "system/descriptor.hpp"

namespace ppo {

/// Keeps other processes out while it lives, also when this one is killed: the system forgets its locks then.
/// It locks the folder, which nobody removes by mistake, and a file `lock` in it, of which machines that
/// share a network's disk tell each other. The file goes with it. Where files cannot be locked a note says
/// so.
class FolderLock {
 public:
  /// Throws Failure(kRunFailed) when another process has it, or there is no such folder.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(FolderLock&&) = default;
  ~FolderLock();

  /// Whether `folder` leads to the one that is held; others may have moved or removed that.
  bool is_on(const std::filesystem::path& folder) const;

 private:
  Descriptor folder_;
  Descriptor file_;
};

}  // namespace ppo
