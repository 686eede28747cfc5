#include "commands/resume_sweep.hpp"

#include <algorithm>

#include "config/config_file.hpp"
#include "config/config_flags.hpp"
#include "config/options.hpp"
#include "config/sweep/sweep_reader.hpp"
#include "config/toml_reader.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// Only how it runs may change.
void check_flags(const Arguments& arguments, const std::filesystem::path& folder) {
  for (const auto& given : arguments.flags) {
    const std::string& flag = given.first;
    if (flag == "--quiet") continue;
    const auto is_of_run = [&](const Option& option) {
      return flag_name(option.key) == flag && may_change(option);
    };
    if (std::ranges::any_of(options(), is_of_run)) continue;
    throw Failure(kWrongInput, flag + ": " + quote(folder.native()) +
                                   " is a sweep, which goes on as it was planned; leave the flag out, or "
                                   "start a new sweep from its sweep.toml");
  }
}

std::string read_text(const std::filesystem::path& file) {
  try {
    return read_file(file, kMostTomlBytes);
  } catch (const Unreadable& problem) {
    throw Failure(kWrongInput, printable(file.native()) + ": " + problem.what());
  }
}

}  // namespace

std::optional<ResumeSweepCommand> parse_resume_sweep(const Arguments& arguments) {
  if (arguments.others.size() != 1 || !holds_sweep(arguments.others.front())) return std::nullopt;
  std::filesystem::path folder = arguments.others.front();
  if (!folder.has_filename()) folder = folder.parent_path();  // "x/", as a shell completes it
  check_flags(arguments, folder);
  const std::filesystem::path file = folder / kSweepFile;
  SweepSettings settings;
  read_sweep_toml(read_text(file), file.native(), settings);
  apply_option_flags(arguments, settings.config);
  return ResumeSweepCommand{settings.checked(), folder, arguments.flags.contains("--quiet")};
}

}  // namespace ppo
