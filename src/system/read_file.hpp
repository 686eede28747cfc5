// Reads a file named by the user, which may turn out to be anything.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace ppo {

/// Why a file cannot be read. what() follows the file's name, as in "is a folder".
class Unreadable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class TooLarge : public Unreadable {
  using Unreadable::Unreadable;
};

/// The bytes of a regular file, of which at most `most_bytes` are ever held. Never blocks: pipes and devices
/// are refused. Throws Unreadable.
std::string read_file(const std::filesystem::path& file, std::size_t most_bytes);

/// The first bytes of such a file, at most `most_bytes`.
std::string read_start(const std::filesystem::path& file, std::size_t most_bytes);

}  // namespace ppo
