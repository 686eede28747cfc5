#include "run/checkpoint_files.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include "config/config_file.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kDigits = 10;  // so that names sort like numbers: there are fewer than 2^32 updates
constexpr std::string_view kEnding = ".safetensors";

/// "0000000048.safetensors" -> 48
std::optional<std::int64_t> update_of(const std::string& name) {
  if (name.find_first_not_of("0123456789") != kDigits || name.substr(kDigits) != kEnding) return std::nullopt;
  return std::stoll(name);
}

/// Not a pipe, say. What cannot be looked at, behind a link for example to a disk that is away, may be one:
/// throws Failure.
bool is_file(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code error, gone;
  const fs::file_type type = fs::status(path, error).type();
  const bool leads_nowhere =
      type == fs::file_type::not_found && fs::is_symlink(fs::symlink_status(path, gone));
  if (type == fs::file_type::none || leads_nowhere) {
    throw Failure(kRunFailed, "cannot read " + printable(path.native()) + ": " + error.message());
  }
  return type == fs::file_type::regular;
}

/// As the path is spelled.
std::optional<std::filesystem::path> run_above(const std::filesystem::path& folder) {
  if (folder.filename() != "checkpoints") return std::nullopt;
  const std::filesystem::path run = folder.has_parent_path() ? folder.parent_path() : ".";
  return holds_config(run) ? std::optional(run) : std::nullopt;
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

std::optional<std::filesystem::path> run_of_checkpoints(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  // A slash at the end is a name that is empty.
  if (const auto run = run_above(folder.has_filename() ? folder : folder.parent_path())) return run;
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error) return std::nullopt;
  const std::optional<fs::path> run = run_above(real);
  if (!run) return std::nullopt;
  const fs::path near = fs::proximate(*run, error);
  return error ? *run : near;
}

std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& run) {
  std::vector<CheckpointFile> files;
  for (const std::filesystem::path& path : files_in(checkpoint_folder(run))) {
    const std::optional<std::int64_t> update = update_of(path.filename());
    if (update && is_file(path)) files.push_back({*update, path});
  }
  std::sort(files.begin(), files.end(),
            [](const CheckpointFile& a, const CheckpointFile& b) { return a.update < b.update; });
  return files;
}

void prune_checkpoints(const std::filesystem::path& run, std::size_t keep) {
  const std::vector<CheckpointFile> files = list_checkpoints(run);
  std::optional<Failure> failure;
  for (std::size_t i = 0; i + keep < files.size(); ++i) {
    try {
      remove_file(files[i].path);
    } catch (const Failure& problem) {
      failure = problem;  // it does not keep the others
    }
  }
  if (failure) throw *failure;
}

void drop_checkpoints_behind(const std::filesystem::path& run, std::int64_t update) {
  for (const CheckpointFile& file : list_checkpoints(run)) {
    if (file.update > update) remove_file(file.path);
  }
  remove_leftovers(checkpoint_folder(run));
  remove_leftovers(run);
  // A power cut may not bring them back once rows before them are gone.
  sync_folder(checkpoint_folder(run));
}

}  // namespace ppo
