#include "run/saved/run_place.hpp"

#include <system_error>

#include "config/config_file.hpp"
#include "run/checkpoint_files.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {

RunPlace find_run(const std::filesystem::path& named) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_type type = fs::status(named, error).type();
  if (type == fs::file_type::not_found) {
    throw Failure(kWrongInput, "there is no " + quote(named.native()) +
                                   "; write the folder of a run, or one of its checkpoints");
  }
  if (type == fs::file_type::none) {
    throw Failure(kWrongInput, "cannot read " + quote(named.native()) + ": " + error.message());
  }
  if (type == fs::file_type::directory) {
    if (holds_config(named)) return {named, {}};
    throw Failure(kWrongInput, no_run_text(named));
  }
  if (const auto run = run_of_checkpoints(named.parent_path())) return {run, named};
  // Wherever a link leads.
  return {run_of_checkpoints(fs::canonical(named, error).parent_path()), named};
}

std::string no_run_text(const std::filesystem::path& folder) {
  const std::string problem = quote(folder.native()) + " is not a run folder";
  const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
  if (const auto run = run_of_checkpoints(folder)) {
    return problem + ", but holds the checkpoints of one; write " + file_word(run->native());
  }
  std::error_code error;
  if (const auto run = run_of_checkpoints(above); run && std::filesystem::exists(folder, error)) {
    return problem + ", but lies among the checkpoints of one; write " + file_word(run->native());
  }
  if (std::filesystem::exists(folder / "best.toml", error)) {
    return problem + ", but that of a sweep; train its best config, " + program_name() + " --config " +
           file_word((folder / "best.toml").native()) + ", and write the folder of that run";
  }
  return problem + ": it has no config.toml; write the folder of a run";
}

}  // namespace ppo
