#include "config/config_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "config/nearest.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"
#include "config/toml_reader.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // a config has one or two thousand

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void refuse(const std::string& file, const std::string& problem) {
  throw Failure(kWrongInput, file + ": " + problem +
                                 "; write the path of a TOML file or a preset: " + join_or(preset_names()));
}

[[noreturn]] void refuse_unreadable(const std::string& file, int error) {
  refuse(file, "cannot be read (" + std::generic_category().message(error) + ")");
}

std::string read_file(const std::string& file) {
  // Without O_NONBLOCK the opening of a pipe would wait for its writer.
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (descriptor.number() < 0) refuse_unreadable(file, errno);
  struct stat status = {};
  if (fstat(descriptor.number(), &status) != 0) refuse_unreadable(file, errno);
  if (S_ISDIR(status.st_mode)) refuse(file, "is a folder");
  if (!S_ISREG(status.st_mode)) refuse(file, "is no regular file");
  std::string text;
  std::array<char, 16384> buffer;
  while (text.size() <= kMostBytes) {
    const ssize_t count = read(descriptor.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse_unreadable(file, errno);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  refuse(file, "is larger than 1 MiB, too much for a config");
}

bool is_there_and_no_folder(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return status.type() != std::filesystem::file_type::not_found && !std::filesystem::is_directory(status);
}

/// "configs/cartpole.toml" -> "cartpole"
std::string stem(const std::filesystem::path& file) {
  const std::filesystem::path name = file.filename();
  return name.extension() == ".toml" ? name.stem().string() : name.string();
}

}  // namespace

std::string apply_config(const std::string& name, Settings& settings) {
  if (is_there_and_no_folder(name)) {
    read_toml(read_file(name), name, settings);
    return stem(name);
  }
  if (const Preset* preset = find_preset(name)) {
    read_toml(preset->toml, "preset " + std::string(preset->name), settings);
    return std::string(preset->name);
  }
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) refuse(name, "is a folder");
  throw Failure(kWrongInput, "--config " + quote(name) +
                                 ": there is no such file, nor a preset of that name (" +
                                 join_or(preset_names()) + "); " + suggest(stem(name), preset_names()));
}

Config load_config(const std::filesystem::path& file) {
  Settings settings;
  read_toml(read_file(file.string()), file.string(), settings);
  return settings.checked();
}

}  // namespace ppo
