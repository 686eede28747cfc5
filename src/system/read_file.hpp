// Reading a file that a person names, which may be anything.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace ppo {

/// Why a file cannot be read: what() goes behind its name, as in "is a folder".
class Unreadable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class TooLarge : public Unreadable {
  using Unreadable::Unreadable;
};

/// The bytes of a regular file; no more than `most_bytes` are ever held. Waits for nobody: pipes and devices
/// are refused. Throws Unreadable.
std::string read_file(const std::filesystem::path& file, std::size_t most_bytes);

}  // namespace ppo
