#include "commands/flags/new_folder.hpp"

#include <system_error>

#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {

std::optional<std::filesystem::path> new_folder(const Arguments& arguments) {
  const auto out = arguments.flags.find("--out");
  if (out == arguments.flags.end()) return std::nullopt;
  const std::string given = "--out " + quote(out->second);
  std::filesystem::path folder = out->second;
  if (!folder.has_filename()) folder = folder.parent_path();  // "x/", as a shell completes it
  std::error_code error;
  const auto type = std::filesystem::symlink_status(folder, error).type();
  if (type == std::filesystem::file_type::none) throw Failure(kWrongInput, given + ": " + error.message());
  if (type != std::filesystem::file_type::not_found) {
    throw Failure(kWrongInput, given + " already exists; write the name of a new folder");
  }
  return folder;
}

}  // namespace ppo
