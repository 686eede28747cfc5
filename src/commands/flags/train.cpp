#include <system_error>

#include "commands/flags/extras.hpp"
#include "commands/train.hpp"
#include "config/config_flags.hpp"
#include "config/toml_writer.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

std::optional<std::filesystem::path> new_folder(const Arguments& arguments) {
  const auto out = arguments.flags.find("--out");
  if (out == arguments.flags.end()) return std::nullopt;
  if (arguments.flags.contains("--no-out"))
    refuse("--out and --no-out cannot be combined; write one of them");
  std::filesystem::path folder = out->second;
  if (!folder.has_filename()) folder = folder.parent_path();  // "x/", as a shell completes it
  std::error_code error;
  const auto type = std::filesystem::symlink_status(folder, error).type();
  if (type == std::filesystem::file_type::none)
    refuse("--out " + quote(out->second) + ": " + error.message());
  if (type != std::filesystem::file_type::not_found) {
    refuse("--out " + quote(out->second) + " already exists; write the name of a new folder");
  }
  return folder;
}

}  // namespace

Verb train_verb() {
  std::vector<Flag> flags = {
      config_flag(),
      {"--out", "DIR", "run folder, which must not exist yet; default runs/<config>-s<seed>-<time>", ""},
      {"--no-out", "", "write nothing to disk", ""},
      {"--quiet", "", "print errors only", ""},
      {"--print-config", "", "print the resolved config as TOML and exit", ""},
      kHelpFlag,
  };
  for (Flag& flag : extras_flags()) flags.push_back(std::move(flag));
  for (Flag& flag : option_flags()) flags.push_back(std::move(flag));
  return {"train", "", 0, "train agents; may be left out before a flag", std::move(flags)};
}

std::variant<PrintText, TrainRequest> parse_train(const Arguments& arguments) {
  TrainRequest request;
  NamedConfig named = read_config(arguments);
  request.config = std::move(named.config);
  request.config_name = std::move(named.name);
  request.out = new_folder(arguments);
  request.keep_nothing = arguments.flags.contains("--no-out");
  request.quiet = arguments.flags.contains("--quiet");
  request.extras = read_extras(arguments, request);
  if (arguments.flags.contains("--print-config")) return PrintText{to_toml(request.config)};
  return request;
}

}  // namespace ppo
