#include "system/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

#include "system/descriptor.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse_for(int error) {
  throw Unreadable("cannot be read (" + std::generic_category().message(error) + ")");
}

/// 65536 -> "64 KiB"
std::string size_text(std::size_t bytes) {
  constexpr std::size_t kib = 1024;
  if (bytes % (kib * kib) == 0) return std::to_string(bytes / (kib * kib)) + " MiB";
  return bytes % kib == 0 ? std::to_string(bytes / kib) + " KiB" : std::to_string(bytes) + " bytes";
}

struct OpenFile {
  Descriptor descriptor;
  std::uintmax_t size;
};

OpenFile open_file(const std::filesystem::path& file) {
  // Without O_NONBLOCK the opening of a pipe would wait for its writer.
  Descriptor descriptor(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (descriptor.number() < 0) refuse_for(errno);
  struct stat status = {};
  if (fstat(descriptor.number(), &status) != 0) refuse_for(errno);
  if (S_ISDIR(status.st_mode)) throw Unreadable("is a folder");
  if (!S_ISREG(status.st_mode)) throw Unreadable("is not a regular file");
  return {std::move(descriptor), static_cast<std::uintmax_t>(status.st_size)};
}

/// Reads what comes next into the buffer and returns how much that is, 0 at the end.
std::size_t read_more(const Descriptor& descriptor, std::vector<char>& buffer) {
  for (;;) {
    const ssize_t count = read(descriptor.number(), buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) refuse_for(errno);
  }
}

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

}  // namespace

std::string read_file(const std::filesystem::path& file, std::size_t most_bytes) {
  const auto refuse_size = [&] { throw TooLarge("is larger than " + size_text(most_bytes)); };
  const auto [descriptor, size] = open_file(file);
  if (size > most_bytes) refuse_size();
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(size));
  // The size does not say what can be read: files of /proc have none, others grow.
  std::vector<char> buffer(kBufferBytes);
  for (;;) {
    const std::size_t count = read_more(descriptor, buffer);
    if (count == 0) return bytes;
    if (count > most_bytes - bytes.size()) refuse_size();
    bytes.append(buffer.data(), count);
  }
}

std::string read_start(const std::filesystem::path& file, std::size_t most_bytes) {
  const Descriptor descriptor = open_file(file).descriptor;
  std::string bytes;
  std::vector<char> buffer(kBufferBytes);
  while (bytes.size() < most_bytes) {
    const std::size_t count = read_more(descriptor, buffer);
    if (count == 0) break;
    bytes.append(buffer.data(), std::min(count, most_bytes - bytes.size()));
  }
  return bytes;
}

}  // namespace ppo
