#include "run/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "config/text.hpp"
#include "errors.hpp"

namespace ppo {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (folder_.number() < 0) {
    throw Failure(kRunFailed, "cannot open " + printable(folder.native()) + ": " + std::strerror(errno));
  }
  if (::flock(folder_.number(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  throw Failure(kRunFailed, "another process is training in " + printable(folder.native()) +
                                "; wait for it, or stop it with Ctrl-C");
}

bool FolderLock::is_on(const std::filesystem::path& folder) const {
  struct stat locked {};
  struct stat named {};
  return ::fstat(folder_.number(), &locked) == 0 && ::stat(folder.c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

}  // namespace ppo
