#include "run/checkpoint_files.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "config/text.hpp"
#include "errors.hpp"
#include "run/files.hpp"

namespace ppo {
namespace {

constexpr std::size_t kDigits = 10;  // so that names sort like numbers: there are fewer than 2^32 updates
constexpr std::string_view kEnding = ".safetensors";

/// "0000000048.safetensors" -> 48
std::optional<std::int64_t> update_of(const std::string& name) {
  if (name.size() != kDigits + kEnding.size() || !name.ends_with(kEnding)) return std::nullopt;
  std::int64_t update = 0;
  const char* const end = name.data() + kDigits;
  const auto [rest, error] = std::from_chars(name.data(), end, update);
  return error == std::errc() && rest == end && update >= 0 ? std::optional(update) : std::nullopt;
}

/// All in the folder, which need not be there, but folders.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (entry->symlink_status(gone).type() != std::filesystem::file_type::directory) {
      files.push_back(entry->path());
    }
  }
  if (!error || error == std::errc::no_such_file_or_directory) return files;
  throw Failure(kRunFailed, "cannot read " + printable(folder.native()) + ": " + error.message());
}

}  // namespace

std::filesystem::path checkpoint_folder(const std::filesystem::path& run) {
  return run / "checkpoints";
}

std::filesystem::path checkpoint_path(const std::filesystem::path& run, std::int64_t update) {
  std::string digits = std::to_string(update);
  digits.insert(0, kDigits - std::min(kDigits, digits.size()), '0');
  return checkpoint_folder(run) / (digits += kEnding);
}

std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& run) {
  std::vector<CheckpointFile> files;
  for (const std::filesystem::path& path : files_in(checkpoint_folder(run))) {
    std::error_code gone;
    if (!std::filesystem::is_regular_file(path, gone)) continue;
    if (const auto update = update_of(path.filename())) files.push_back({*update, path});
  }
  std::sort(files.begin(), files.end(),
            [](const CheckpointFile& a, const CheckpointFile& b) { return a.update < b.update; });
  return files;
}

void prune_checkpoints(const std::filesystem::path& run, std::size_t keep) {
  const std::vector<CheckpointFile> files = list_checkpoints(run);
  for (std::size_t i = 0; i + keep < files.size(); ++i) remove_file(files[i].path);
}

void drop_checkpoints_behind(const std::filesystem::path& run, std::int64_t update) {
  for (const CheckpointFile& file : list_checkpoints(run)) {
    if (file.update > update) remove_file(file.path);
  }
  std::vector<std::filesystem::path> leftovers;
  for (const std::filesystem::path& path : files_in(checkpoint_folder(run))) {
    if (path.extension() == ".tmp" && update_of(path.stem())) leftovers.push_back(path);
  }
  for (const char* name : {"config.toml.tmp", "policy.safetensors.tmp", "run.json.tmp"}) {
    leftovers.push_back(run / name);
  }
  for (const std::filesystem::path& path : leftovers) remove_file(path);
}

}  // namespace ppo
