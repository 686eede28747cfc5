#include "system/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
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

}  // namespace

std::string read_file(const std::filesystem::path& file, std::size_t most_bytes) {
  // Without O_NONBLOCK the opening of a pipe would wait for its writer.
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (descriptor.number() < 0) refuse_for(errno);
  struct stat status = {};
  if (fstat(descriptor.number(), &status) != 0) refuse_for(errno);
  if (S_ISDIR(status.st_mode)) throw Unreadable("is a folder");
  if (!S_ISREG(status.st_mode)) throw Unreadable("is not a regular file");
  const auto refuse_size = [&] { throw TooLarge("is larger than " + size_text(most_bytes)); };
  if (static_cast<std::uintmax_t>(status.st_size) > most_bytes) refuse_size();
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(status.st_size));
  // The size does not say what can be read: files of /proc have none, others grow.
  std::vector<char> buffer(std::size_t{1} << 16);
  for (;;) {
    const ssize_t count = read(descriptor.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse_for(errno);
    if (count == 0) return bytes;
    if (static_cast<std::size_t>(count) > most_bytes - bytes.size()) refuse_size();
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace ppo
