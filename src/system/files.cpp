#include "system/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <random>
#include <utility>

#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& file, int error) {
  throw Failure(kRunFailed, std::string(what) + ' ' + printable(file.native()) + ": " + std::strerror(error));
}

/// Writes all of it; false with errno set when the system takes only a part.
bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A folder that is being read: not by std::filesystem::directory_iterator, which in libstdc++ allocates in
/// functions that are noexcept, and so ends a program that is short of memory.
struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// The mode of what has that name, itself if it is a link; 0 if there is nothing.
mode_t status_of(int folder, const char* name) {
  struct stat status {};
  return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_mode : 0;
}

constexpr std::string_view kTemporaryEnding = ".ppo_tmp";

/// FILE.<8 random hexadecimal digits>.ppo_tmp
std::filesystem::path temporary_of(const std::filesystem::path& file) {
  std::filesystem::path temporary = file;
  return temporary += fmt::format(".{:08x}{}", std::random_device()(), kTemporaryEnding);
}

/// Whether a process holds it open as write_file does.
bool is_being_written(const std::filesystem::path& temporary) {
  const Descriptor file(::open(temporary.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return file.number() >= 0 && ::flock(file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

bool create_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0777) == 0) return true;
  if (errno == EEXIST) return false;
  const std::filesystem::path parent = folder.parent_path();
  if (errno != ENOENT || parent.empty()) fail("cannot create", folder, errno);
  if (create_folder(parent)) sync_name(parent);
  if (::mkdir(folder.c_str(), 0777) == 0) return true;
  if (errno != EEXIST) fail("cannot create", folder, errno);
  return false;
}

std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    const bool inner = (c == '.' || c == '-') && !name.empty();
    name += plain || inner ? c : '_';
  }
  return name;
}

void write_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path temporary = temporary_of(file);
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) fail("cannot create", file, errno);
  ::flock(descriptor, LOCK_EX | LOCK_NB);  // for remove_leftovers; where it cannot be, nothing depends on it
  const bool written = write_all(descriptor, content) && ::fsync(descriptor) == 0;
  int error = errno;
  const bool closed = ::close(descriptor) == 0;
  if (written && !closed) error = errno;
  if (!written || !closed || ::rename(temporary.c_str(), file.c_str()) != 0) {
    if (written && closed) error = errno;
    ::unlink(temporary.c_str());
    fail("cannot write", file, error);
  }
  sync_folder(file.has_parent_path() ? file.parent_path() : ".");
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  const std::unique_ptr<DIR, CloseFolder> opened(::opendir(folder.c_str()));
  if (opened == nullptr) {
    const int error = errno;
    if (error == ENOENT && status_of(AT_FDCWD, folder.c_str()) == 0) return {};
    fail("cannot read", folder, error);
  }
  std::vector<std::filesystem::path> files;
  errno = 0;
  for (const dirent* entry = ::readdir(opened.get()); entry != nullptr; entry = ::readdir(opened.get())) {
    const std::string_view name = entry->d_name;
    const bool is_folder = S_ISDIR(status_of(::dirfd(opened.get()), entry->d_name));
    if (name != "." && name != ".." && !is_folder) files.push_back(folder / name);
    errno = 0;  // which tells the end from a failure
  }
  if (errno != 0) fail("cannot read", folder, errno);
  return files;
}

void remove_leftovers(const std::filesystem::path& folder) {
  for (const std::filesystem::path& file : files_in(folder)) {
    if (file.extension() == kTemporaryEnding && !is_being_written(file)) remove_file(file);
  }
}

void remove_file(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::remove(file, error);
  if (error) fail("cannot remove", file, error.value());
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0) fail("cannot open", folder, errno);
  if (::fsync(descriptor.number()) == 0 || errno == EINVAL) return;  // some file systems cannot sync folders
  fail("cannot sync", folder, errno);
}

void sync_name(const std::filesystem::path& folder) {
  const std::filesystem::path parent = folder / "..";
  if (::access(parent.c_str(), R_OK) == 0) sync_folder(parent);
}

GrowingFile::GrowingFile(std::filesystem::path file, std::string_view records)
    : file_(std::move(file)),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666)) {
  if (descriptor_.number() < 0) fail("cannot create", file_, errno);
  append(records);
}

GrowingFile::GrowingFile(std::filesystem::path file, std::uintmax_t size)
    : file_(std::move(file)),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)),
      size_(static_cast<long long>(size)) {
  if (descriptor_.number() < 0) fail("cannot open", file_, errno);
  if (::ftruncate(descriptor_.number(), size_) != 0) fail("cannot shorten", file_, errno);
}

void GrowingFile::append(std::string_view records) {
  if (write_all(descriptor_.number(), records)) {
    size_ += static_cast<long long>(records.size());
    return;
  }
  const int error = errno;
  // Takes back the torn record; should that fail too, the file was beyond help and the error is the same.
  [[maybe_unused]] const int truncated = ::ftruncate(descriptor_.number(), size_);
  fail("cannot write", file_, error);
}

void GrowingFile::sync() {
  if (sync_error_ == 0 && ::fsync(descriptor_.number()) != 0) sync_error_ = errno;
  if (sync_error_ != 0) fail("cannot sync", file_, sync_error_);
}

std::filesystem::path output_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (!std::filesystem::is_directory(folder, error)) {
    throw Failure(kWrongInput, "cannot write " + quote(file.native()) + ": there is no folder " +
                                   quote(folder.native()) + "; make it first");
  }
  if (std::filesystem::is_directory(file, error)) {
    throw Failure(kWrongInput,
                  "cannot write " + quote(file.native()) + ": it is a folder; write the name of a file");
  }
  if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error)) {
    throw Failure(kWrongInput, "cannot write " + quote(file.native()) +
                                   ": it is not a regular file; write the name of one");
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw Failure(kRunFailed, "cannot write " + quote(file.native()) + ": " + std::strerror(errno) +
                                  "; name a file in a folder of your own");
  }
  return file;
}

}  // namespace ppo
