#include "config/command_line.hpp"

#include <algorithm>
#include <limits>
#include <system_error>

#include "config/config_flags.hpp"
#include "config/flags.hpp"
#include "config/nearest.hpp"
#include "config/options.hpp"
#include "config/presets.hpp"
#include "config/text.hpp"
#include "config/toml_reader.hpp"
#include "config/toml_writer.hpp"
#include "config/verbs.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  return names;
}

const Verb& verb_called(const std::string& name) {
  if (const Verb* verb = find_verb(name)) return *verb;
  refuse("there is no verb " + quote(name) + " (" + join_or(verb_names()) + "); " +
         suggest(name, verb_names()));
}

bool has_flag(const Verb& verb, std::string_view name) {
  return std::any_of(verb.flags.begin(), verb.flags.end(),
                     [&](const Flag& flag) { return flag.name == name; });
}

[[noreturn]] void refuse_flag(const Verb& verb, const std::string& argument) {
  const std::string given = argument.substr(0, argument.find('='));
  const std::string name = flag_name(given.substr(std::min(given.find_first_not_of('-'), given.size())));
  for (const Verb& other : verbs()) {
    if (!has_flag(verb, name) && has_flag(other, name)) {
      refuse(verb.name + " has no flag " + quote(given) + ", " + other.name + " has it; see ppo_train " +
             verb.name + " --help");
    }
  }
  std::vector<std::string> names;
  for (const Flag& flag : verb.flags) names.push_back(flag.name);
  const std::string meant = flag_name(own_name(std::string_view(name).substr(2)));
  refuse(verb.name + " has no flag " + quote(given) + "; " + suggest(meant, names));
}

/// Takes what is left besides flags: at most one operand, if the verb has one.
std::string operand(const Verb& verb, const Arguments& arguments) {
  for (const std::string& other : arguments.others) {
    if (other.size() > 1 && other.starts_with('-')) refuse_flag(verb, other);
  }
  const std::size_t most = verb.operand.empty() ? 0 : 1;
  if (arguments.others.size() > most) {
    const std::string& extra = arguments.others[most];
    if (find_verb(extra) != nullptr) {
      refuse("the verb " + quote(extra) + " stands behind other arguments; write ppo_train " + extra +
             " first");
    }
    refuse(verb.name + " does not take " + quote(extra) + "; see ppo_train " + verb.name + " --help");
  }
  return arguments.others.empty() ? "" : arguments.others.front();
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
  operand(verb, arguments);
  TrainCommand command;
  NamedConfig named = read_config(arguments);
  command.config = std::move(named.config);
  command.config_name = std::move(named.name);
  command.out = new_folder(arguments);
  command.keep_nothing = arguments.flags.contains("--no-out");
  command.quiet = arguments.flags.contains("--quiet");
  if (arguments.flags.contains("--print-config")) return PrintText{to_toml(command.config)};
  return command;
}

std::optional<std::int64_t> whole(const Arguments& arguments, std::string_view name, const Whole& range,
                                  std::string_view example) {
  const auto flag = arguments.flags.find(name);
  if (flag == arguments.flags.end()) return std::nullopt;
  const Value value = read_flag_value(flag->second);
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < range.least || *number > range.most) {
    refuse(flag->first + " " + refusal(range, value, flag->first + " " + std::string(example)));
  }
  return *number;
}

Command eval(const Verb& verb, const Arguments& arguments) {
  EvalCommand command;
  command.run = operand(verb, arguments);
  if (command.run.empty()) refuse("eval lacks the run folder; write ppo_train eval RUN");
  const EvalOptions usual;
  command.options.episodes = whole(arguments, "--episodes", {1, 1'000'000}, "100").value_or(usual.episodes);
  command.options.seed = static_cast<std::uint64_t>(
      whole(arguments, "--seed", {0, std::numeric_limits<std::int64_t>::max()}, "0").value_or(0));
  if (const auto cap =
          whole(arguments, "--max-steps", {1, std::numeric_limits<std::int32_t>::max()}, "500")) {
    command.max_steps = static_cast<std::int32_t>(*cap);
  }
  command.options.greedy = arguments.flags.contains("--greedy");
  command.json = arguments.flags.contains("--json");
  return command;
}

Command info(const Verb& verb, const Arguments& arguments) {
  operand(verb, arguments);
  return InfoCommand{.json = arguments.flags.contains("--json")};
}

Command list_configs(const Verb& verb, const Arguments& arguments) {
  operand(verb, arguments);
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

Command help(const Verb& verb, const Arguments& arguments) {
  const std::string name = operand(verb, arguments);
  return PrintText{name.empty() ? program_help(true) : verb_help(verb_called(name))};
}

Command run_verb(const Verb& verb, const std::vector<std::string>& rest) {
  const Arguments arguments = split_arguments(verb.flags, rest);
  if (arguments.flags.contains("--help")) return PrintText{verb_help(verb)};
  if (verb.name == "train") return train(verb, arguments);
  if (verb.name == "eval") return eval(verb, arguments);
  if (verb.name == "info") return info(verb, arguments);
  if (verb.name == "configs") return list_configs(verb, arguments);
  return help(verb, arguments);
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return PrintText{program_help(false)};
  const std::string& first = arguments.front();
  if (arguments.size() == 1 && (first == "--help" || first == "-h")) return PrintText{program_help(true)};
  if (arguments.size() == 1 && first == "--version") return PrintText{"ppo_train " PPO_VERSION "\n"};
  Command command = first.starts_with('-')
                        ? run_verb(verb_called("train"), arguments)
                        : run_verb(verb_called(first), {arguments.begin() + 1, arguments.end()});
  if (auto* train = std::get_if<TrainCommand>(&command)) train->arguments = arguments;
  return command;
}

}  // namespace ppo
