#include "system/pci.hpp"

#include <fstream>
#include <string>
#include <system_error>

namespace ppo {
namespace {

/// "0x10de"; empty if there is no such file.
std::string word_in(const std::filesystem::path& file) {
  std::string word;
  std::ifstream(file) >> word;
  return word;
}

}  // namespace

bool has_nvidia_card(const std::filesystem::path& devices) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::directory_iterator device(devices, error), end; !error && device != end; device.increment(error)) {
    const bool is_nvidia = word_in(device->path() / "vendor") == "0x10de";
    if (is_nvidia && word_in(device->path() / "class").starts_with("0x03")) return true;
  }
  return false;
}

}  // namespace ppo
