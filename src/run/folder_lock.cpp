#include "run/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "config/text.hpp"
#include "errors.hpp"
#include "run/terminal.hpp"

namespace ppo {
namespace {

/// False where such things cannot be locked.
bool lock(const Descriptor& descriptor, const std::filesystem::path& folder) {
  if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) == 0) return true;
  if (errno != EWOULDBLOCK) return false;
  throw Failure(kRunFailed, "another process is training in " + printable(folder.native()) +
                                "; wait for it, or stop it with Ctrl-C");
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (folder_.number() < 0) {
    throw Failure(kRunFailed, "cannot open " + printable(folder.native()) + ": " + std::strerror(errno));
  }
  if (lock(folder_, folder)) return;
  const int file = ::openat(folder_.number(), "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file >= 0 && lock(file_.emplace(file), folder)) return;
  say_note("the file system of " + folder.native() +
           " locks nothing: a second process there would spoil the run");
}

bool FolderLock::is_on(const std::filesystem::path& folder) const {
  struct stat locked {};
  struct stat named {};
  return ::fstat(folder_.number(), &locked) == 0 && ::stat(folder.c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

}  // namespace ppo
