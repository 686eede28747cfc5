// What a file holds, as a test looks at it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace ppo::test {

/// All its bytes; none where there is no such file.
inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace ppo::test
