// Ensures that only one process at a time works in a run folder.
#pragma once

#include <filesystem>

#include "system/descriptor.hpp"

namespace ppo {

/// Keeps other processes out during its lifetime; if this process is killed, the system releases its locks.
/// It locks the folder, which nobody removes by mistake, and a file `lock` in it, whose lock is visible to
/// other machines on a network file system. The file is removed at the end. If files cannot be locked, a note
/// says so.
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
