#include "run/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "system/errors.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

constexpr const char* kFile = "lock";

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw Failure(kRunFailed, "cannot open " + printable(path.native()) + ": " + std::strerror(error));
}

/// False where such things cannot be locked.
bool lock(const Descriptor& descriptor, const std::filesystem::path& folder) {
  if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) == 0) return true;
  if (errno != EWOULDBLOCK) return false;
  throw Failure(kRunFailed, "another process is training in " + printable(folder.native()) +
                                "; wait for it, or stop it with Ctrl-C");
}

Descriptor lock_folder(const std::filesystem::path& folder) {
  Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0) fail(folder, errno);
  lock(descriptor, folder);
  return descriptor;
}

bool are_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Whether the file still has its name: another process may have ended, and removed it, before it was locked.
bool has_its_name(const Descriptor& file, const Descriptor& folder) {
  struct stat locked {};
  struct stat named {};
  return ::fstat(file.number(), &locked) == 0 && ::fstatat(folder.number(), kFile, &named, 0) == 0 &&
         are_same(locked, named);
}

/// None where nothing can be written: nobody trains there.
Descriptor lock_file(const Descriptor& folder, const std::filesystem::path& path) {
  for (;;) {
    Descriptor file(::openat(folder.number(), kFile, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (file.number() < 0 && (errno == EACCES || errno == EROFS)) return file;
    if (file.number() < 0) fail(path / kFile, errno);
    if (!lock(file, path)) {
      say_note("the file system of " + path.native() +
               " does not support file locks; a second process in this folder would damage the run");
      return file;
    }
    if (has_its_name(file, folder)) return file;
  }
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(lock_folder(folder)), file_(lock_file(folder_, folder)) {}

FolderLock::~FolderLock() {
  if (file_.number() >= 0) ::unlinkat(folder_.number(), kFile, 0);
}

bool FolderLock::is_on(const std::filesystem::path& folder) const {
  struct stat locked {};
  struct stat named {};
  return ::fstat(folder_.number(), &locked) == 0 && ::stat(folder.c_str(), &named) == 0 &&
         are_same(locked, named);
}

}  // namespace ppo
