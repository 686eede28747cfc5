#include "config/config_file.hpp"

#include <system_error>

#include "config/nearest.hpp"
#include "config/toml_reader.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& problem,
                         std::span<const Preset> offered) {
  throw Failure(kWrongInput,
                printable(file) + ": " + problem +
                    "; write the path of a TOML file or a preset: " + join_or(names_of(offered)));
}

std::string read_config_file(const std::string& file, std::span<const Preset> offered = training_presets()) {
  try {
    return read_file(file, kMostTomlBytes);
  } catch (const Unreadable& problem) {
    refuse(file, problem.what(), offered);
  }
}

bool is_there_and_no_folder(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error == std::errc::filename_too_long) return false;
  return status.type() != std::filesystem::file_type::not_found && !std::filesystem::is_directory(status);
}

/// "configs/cartpole.toml" -> "cartpole"
std::string stem(const std::filesystem::path& file) {
  const std::filesystem::path name = file.filename();
  return name.extension() == ".toml" ? name.stem().string() : name.string();
}

/// Whether the folder has that file.
bool is_there(const std::filesystem::path& folder, const char* file) {
  std::error_code error;
  const bool exists = std::filesystem::exists(folder / file, error);
  const bool is_absent = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  if (!error || is_absent) return exists;
  throw Failure(kWrongInput, "cannot read " + quote(folder.native()) + ": " + error.message());
}

}  // namespace

FoundConfig find_config(const std::string& name, const std::string& flag, std::span<const Preset> offered) {
  if (is_there_and_no_folder(name)) return {read_config_file(name, offered), name, stem(name)};
  if (const Preset* preset = find_preset(name)) {
    const std::string own_name(preset->name);
    return {std::string(preset->toml), "preset " + own_name, own_name, preset};
  }
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) refuse(name, "is a folder", offered);
  const std::vector<std::string> names = names_of(offered);
  throw Failure(kWrongInput, flag + " " + quote(name) + ": there is no file or preset of that name (" +
                                 join_or(names) + "); " +
                                 suggest(stem(name), names, "see " + program_name() + " configs"));
}

std::string apply_config(const std::string& name, Settings& settings) {
  const FoundConfig found = find_config(name, "--config", training_presets());
  read_toml(found.text, found.file, settings, name);
  return found.name;
}

Config parse_config(std::string_view text, const std::string& file) {
  Settings settings;
  read_toml(text, file, settings);
  return settings.checked();
}

bool holds_config(const std::filesystem::path& folder) {
  return is_there(folder, "config.toml");
}

bool holds_sweep(const std::filesystem::path& folder) {
  return is_there(folder, kSweepFile);
}

void apply_file(const std::filesystem::path& file, Settings& settings) {
  read_toml(read_config_file(file.string()), file.string(), settings);
}

Config load_config(const std::filesystem::path& file) {
  return parse_config(read_config_file(file.string()), file.string());
}

}  // namespace ppo
