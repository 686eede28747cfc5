#include "commands/command_line.hpp"

#include <algorithm>

#include "commands/about/man_page.hpp"
#include "commands/completions/completions.hpp"
#include "commands/verbs.hpp"
#include "config/config_file.hpp"
#include "config/nearest.hpp"
#include "config/presets.hpp"
#include "config/sweep/sweep_writer.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

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

std::string to_print_version() {
  return "; to print the version, write only " + program_name() + " --version";
}

const Verb& verb_called(const std::string& name) {
  if (const Verb* verb = find_verb(name)) return *verb;
  if (name == "version") refuse("unknown verb 'version'" + to_print_version());
  if (const Preset* preset = find_preset(name); preset != nullptr && preset->is_sweep) {
    refuse("unknown verb " + quote(name) + "; to run this sweep, write " + program_name() + " sweep " +
           file_word(name));
  }
  if (find_preset(name) != nullptr || name.ends_with(".toml")) {
    refuse("unknown verb " + quote(name) + "; to train with this config, write " + program_name() +
           " --config " + file_word(name));
  }
  if (!name.empty() && holds_config(name)) {
    refuse("unknown verb " + quote(name) + "; this is a run folder, write, for example, " + program_name() +
           " eval " + file_word(name));
  }
  refuse("unknown verb " + quote(name) + " (" + join_or(verb_names()) + "); " +
         suggest(name, verb_names(), "see " + program_name() + " --help"));
}

const Flag* find_flag(const Verb& verb, std::string_view name) {
  const auto found =
      std::find_if(verb.flags.begin(), verb.flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == verb.flags.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_flag(const Verb& verb, const std::string& argument) {
  const std::string given = argument.substr(0, argument.find('='));
  if (given == "--version" || given == "-v" || given == "-V") {
    refuse(verb.name + " has no flag " + quote(given) + to_print_version());
  }
  const std::string name = flag_name(given.substr(std::min(given.find_first_not_of('-'), given.size())));
  for (const Verb& other : verbs()) {
    if (find_flag(verb, name) == nullptr && find_flag(other, name) != nullptr) {
      refuse(verb.name + " has no flag " + quote(given) + ", but " + other.name + " does; see " +
             program_name() + " " + verb.name + " --help");
    }
  }
  std::vector<std::string> names;
  for (const Flag& flag : verb.flags) names.push_back(flag.name);
  refuse(verb.name + " has no flag " + quote(given) + "; " +
         suggest(name, names, "see " + program_name() + " " + verb.name + " --help"));
}

[[noreturn]] void refuse_operand(const Verb& verb, const Arguments& arguments, const std::string& extra) {
  if (verb.name == "help") {
    refuse("help takes one verb, not " + quote(extra) + " as well; write " + program_name() +
           " help VERB for each");
  }
  if (find_verb(extra) != nullptr) {
    refuse("the verb " + quote(extra) + " must come first; write " + program_name() + " " + extra + " ...");
  }
  for (const auto& [name, value] : arguments.flags) {
    const Flag* flag = find_flag(verb, name);  // none: accepted only to be refused with its reason
    if (flag != nullptr && value.empty() && !flag->endings.empty()) {  // perhaps meant to be its file
      refuse(verb.name + " does not take " + quote(extra) + "; the file of " + name + " ends in " +
             join_or(flag->endings));
    }
  }
  refuse(verb.name + " does not take " + quote(extra) + "; see " + program_name() + " " + verb.name +
         " --help");
}

/// Nothing stands there that the verb does not take.
void check_arguments(const Verb& verb, const Arguments& arguments) {
  for (const std::string& other : arguments.others) {
    if (other.size() > 1 && other.starts_with('-')) refuse_flag(verb, other);
  }
  if (arguments.others.size() > verb.most_operands) {
    refuse_operand(verb, arguments, arguments.others[verb.most_operands]);
  }
}

Command sweep(const Arguments& arguments) {
  SweepCommand command = parse_sweep(arguments);
  if (arguments.flags.contains("--print-config")) return PrintText{to_toml(command.sweep)};
  return command;
}

Command help_as_man(const Arguments& arguments) {
  if (arguments.others.empty()) return PrintText{man_page()};
  refuse("--man prints the page of all verbs; leave out " + quote(arguments.others.front()));
}

Command run_verb(const Verb& verb, const std::vector<std::string>& rest, std::size_t page_width) {
  const Arguments arguments = split_arguments(accepted_flags(verb), rest);
  if (arguments.flags.contains("--help")) return PrintText{verb_help(verb, page_width)};
  check_arguments(verb, arguments);
  if (verb.name == "train") {
    return std::visit([](auto&& parsed) { return Command(std::move(parsed)); }, parse_train(arguments));
  }
  if (verb.name == "demo") return parse_demo(arguments);
  if (verb.name == "resume") {
    if (auto sweep = parse_resume_sweep(arguments)) return std::move(*sweep);
    return parse_resume(arguments);
  }
  if (verb.name == "sweep") return sweep(arguments);
  if (verb.name == "eval") return parse_eval(arguments);
  if (verb.name == "render") return parse_render(arguments);
  if (verb.name == "report") return parse_report(arguments);
  if (verb.name == "export") return parse_export(arguments);
  if (verb.name == "envs") return parse_envs(arguments);
  if (verb.name == "check-env") return parse_check_env(arguments);
  if (verb.name == "info") return parse_info(arguments);
  if (verb.name == "configs") return PrintText{list_presets()};
  if (verb.name == "completions") return PrintText{completion_script(arguments)};
  if (arguments.flags.contains("--man")) return help_as_man(arguments);
  return PrintText{arguments.others.empty() ? program_help(true, page_width)
                                            : verb_help(verb_called(arguments.others.front()), page_width)};
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& arguments, const Page& page) {
  if (arguments.empty()) {
    return PrintText{page.on_terminal ? first_page(page.width) : program_help(false, page.width)};
  }
  const std::string& first = arguments.front();
  if (arguments.size() == 1 && (first == "--help" || first == "-h")) {
    return PrintText{program_help(true, page.width)};
  }
  if (arguments.size() == 1 && first == "--version") return VersionCommand{};
  if (std::optional<std::string> offers = completion_offers(arguments)) return PrintText{*std::move(offers)};
  Command command = first.starts_with('-')
                        ? run_verb(verb_called("train"), arguments, page.width)
                        : run_verb(verb_called(first), {arguments.begin() + 1, arguments.end()}, page.width);
  if (auto* train = std::get_if<TrainRequest>(&command)) train->arguments = arguments;
  if (auto* demo = std::get_if<DemoCommand>(&command)) demo->train.arguments = arguments;
  if (auto* resume = std::get_if<ResumeCommand>(&command)) resume->train.arguments = arguments;
  return command;
}

}  // namespace ppo
