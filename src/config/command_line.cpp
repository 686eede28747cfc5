#include "config/command_line.hpp"

#include <algorithm>
#include <system_error>

#include "config/config_flags.hpp"
#include "config/extras_flags.hpp"
#include "config/flags.hpp"
#include "config/operands.hpp"
#include "config/presets.hpp"
#include "config/resume_verb.hpp"
#include "config/run_verbs.hpp"
#include "config/text.hpp"
#include "config/toml_writer.hpp"
#include "config/verbs.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

std::optional<std::filesystem::path> new_folder(const Arguments& arguments) {
  const auto out = arguments.flags.find("--out");
  if (out == arguments.flags.end()) return std::nullopt;
  if (arguments.flags.contains("--no-out"))
    refuse("--out and --no-out exclude each other; write one of them");
  std::filesystem::path folder = out->second;
  if (!folder.has_filename()) folder = folder.parent_path();  // "x/", as a shell completes it
  std::error_code error;
  const auto type = std::filesystem::symlink_status(folder, error).type();
  if (type == std::filesystem::file_type::none)
    refuse("--out " + quote(out->second) + ": " + error.message());
  if (type != std::filesystem::file_type::not_found) {
    refuse("--out " + quote(out->second) + " exists already; write the name of a new folder");
  }
  return folder;
}

Command train(const Verb& verb, const Arguments& arguments) {
  operands(verb, arguments);
  TrainCommand command;
  NamedConfig named = read_config(arguments);
  command.config = std::move(named.config);
  command.config_name = std::move(named.name);
  command.out = new_folder(arguments);
  command.keep_nothing = arguments.flags.contains("--no-out");
  command.quiet = arguments.flags.contains("--quiet");
  command.extras = read_extras(arguments, command);
  if (arguments.flags.contains("--print-config")) return PrintText{to_toml(command.config)};
  return command;
}

Command info(const Verb& verb, const Arguments& arguments) {
  operands(verb, arguments);
  return InfoCommand{.json = arguments.flags.contains("--json")};
}

Command list_configs(const Verb& verb, const Arguments& arguments) {
  operands(verb, arguments);
  std::size_t width = 0;
  for (const Preset& preset : presets()) width = std::max(width, preset.name.size());
  std::string text;
  for (const Preset& preset : presets()) {
    std::string name(preset.name);
    name.resize(width + 2, ' ');
    text += name + std::string(description(preset)) + '\n';
  }
  return PrintText{text};
}

Command help(const Verb& verb, const Arguments& arguments, std::size_t page_width) {
  const std::vector<std::string> names = operands(verb, arguments);
  return PrintText{names.empty() ? program_help(true, page_width)
                                 : verb_help(verb_called(names.front()), page_width)};
}

Command run_verb(const Verb& verb, const std::vector<std::string>& rest, std::size_t page_width) {
  const Arguments arguments = split_arguments(accepted_flags(verb), rest);
  if (arguments.flags.contains("--help")) return PrintText{verb_help(verb, page_width)};
  if (verb.name == "train") return train(verb, arguments);
  if (verb.name == "resume") return parse_resume(verb, arguments);
  if (verb.name == "eval") return parse_eval(verb, arguments);
  if (verb.name == "render") return parse_render(verb, arguments);
  if (verb.name == "report") return parse_report(verb, arguments);
  if (verb.name == "export") return parse_export(verb, arguments);
  if (verb.name == "info") return info(verb, arguments);
  if (verb.name == "configs") return list_configs(verb, arguments);
  return help(verb, arguments, page_width);
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& arguments, std::size_t page_width) {
  if (arguments.empty()) return PrintText{program_help(false, page_width)};
  const std::string& first = arguments.front();
  if (arguments.size() == 1 && (first == "--help" || first == "-h")) {
    return PrintText{program_help(true, page_width)};
  }
  if (arguments.size() == 1 && first == "--version") return PrintText{"ppo_train " PPO_VERSION "\n"};
  Command command = first.starts_with('-')
                        ? run_verb(verb_called("train"), arguments, page_width)
                        : run_verb(verb_called(first), {arguments.begin() + 1, arguments.end()}, page_width);
  if (auto* train = std::get_if<TrainCommand>(&command)) train->arguments = arguments;
  if (auto* resume = std::get_if<ResumeCommand>(&command)) resume->train.arguments = arguments;
  return command;
}

}  // namespace ppo
