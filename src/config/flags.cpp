#include "config/flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <numeric>

#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostColumns = 200;  // of an argument in an error

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

bool takes_value(const Flag& flag) {
  return !flag.value.empty() && flag.endings.empty();
}

/// Whether a flag whose value may be left out is written with one behind it.
bool takes_next(const Flag& flag, const std::string& argument) {
  return std::any_of(flag.endings.begin(), flag.endings.end(), [&](const std::string& ending) {
    return argument.ends_with(ending) && !argument.starts_with("--");
  });
}

/// `--render a.gif` as `--render=a.gif`, so that no other argument can be mistaken for a value that was left
/// out.
std::vector<std::string> tie_optional_values(std::span<const Flag> flags,
                                             const std::vector<std::string>& arguments) {
  std::vector<std::string> tied;
  const Flag* open = nullptr;  // the flag in front, if its value may follow
  for (const std::string& argument : arguments) {
    if (open != nullptr && takes_next(*open, argument)) {
      tied.back() += '=' + argument;
    } else {
      tied.push_back(argument);
    }
    const std::string name = argument.starts_with("--") ? flag_name(argument.substr(2)) : "";
    const auto found = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) {
      return flag.name == name && !flag.endings.empty();
    });
    open = found == flags.end() ? nullptr : &*found;
  }
  return tied;
}

/// CLI11 takes `--lr=` for `--lr` and would eat the next argument as its value.
void refuse_empty_values(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      refuse(cut(printable(argument), kMostColumns) + " needs a value; write it after the =");
    }
  }
}

CLI::Option* declare(CLI::App& app, const Flag& flag) {
  std::string names = flag.name;
  const std::size_t dash = names.find('-', 2);
  if (dash != std::string::npos) {
    std::string underscored = names;
    std::replace(underscored.begin() + 2, underscored.end(), '-', '_');
    names += "," + underscored;
  }
  if (flag.name == "--help") names += ",-h";
  CLI::Option* option = takes_value(flag) ? app.add_option(names) : app.add_flag(names);
  return option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);  // repetition is ours to report
}

std::string value_given(const Flag& flag, const CLI::Option& option) {
  const std::vector<std::string>& results = option.results();
  const std::string& value = results.front();
  if (option.count() > 1 && !flag.repeats) refuse(flag.name + " is given more than once; write it once");
  if (!flag.endings.empty()) {
    if (value == "true") return "";
    if (!takes_next(flag, value)) {
      refuse(flag.name + " takes the name of a file that ends in " + join_or(flag.endings) + ", not " +
             quote(value));
    }
    return value;
  }
  if (!takes_value(flag)) {
    if (value != "true") refuse(flag.name + " takes no value; write it without one");
    return "";
  }
  if (value.empty() || value.starts_with("--")) {
    refuse(flag.name + " needs a value; write " + flag.name + " " + flag.value);
  }
  return std::accumulate(results.begin() + 1, results.end(), value,
                         [](const std::string& all, const std::string& next) { return all + ',' + next; });
}

}  // namespace

Arguments split_arguments(std::span<const Flag> flags, const std::vector<std::string>& arguments) {
  refuse_empty_values(arguments);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<const CLI::Option*> options;
  for (const Flag& flag : flags) options.push_back(declare(app, flag));
  const std::vector<std::string> tied = tie_optional_values(flags, arguments);
  try {
    app.parse(std::vector<std::string>(tied.rbegin(), tied.rend()));
  } catch (const CLI::ArgumentMismatch&) {  // the arguments ended where a value had to come
    refuse(printable(arguments.back()) + " needs a value; write it after the flag");
  } catch (const CLI::ParseError& error) {
    refuse(cut(printable(error.what()), kMostColumns) + "; see " + program_name() + " --help");
  }
  Arguments split{{}, app.remaining()};
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (options[i]->count() > 0) split.flags[flags[i].name] = value_given(flags[i], *options[i]);
  }
  return split;
}

std::string flag_name(std::string_view key) {
  std::string name = "--" + std::string(key);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace ppo
