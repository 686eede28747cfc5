#include "config/config_flags.hpp"

#include "config/config_file.hpp"
#include "config/options.hpp"
#include "config/presets.hpp"
#include "config/toml_reader.hpp"
#include "system/program.hpp"

namespace ppo {
namespace {

struct Placeholder {
  std::string operator()(const Switch&) const { return "true|false"; }
  std::string operator()(const Whole&) const { return "N"; }
  std::string operator()(const OneOf&) const { return "N"; }
  std::string operator()(const Real&) const { return "X"; }
  std::string operator()(const Name&) const { return "NAME"; }
  std::string operator()(const Text& text) const { return std::string(text.placeholder); }
};

}  // namespace

Flag config_flag() {
  return {.name = "--config",
          .value = "FILE|PRESET",
          .help = "TOML file or preset to start from (" + program_name() +
                  " configs lists the presets); other flags override it",
          .group = "",
          .names = names_of(training_presets())};
}

std::vector<Flag> option_flags() {
  std::vector<Flag> flags;
  for (const Option& option : options()) {
    flags.push_back({.name = flag_name(option.key),
                     .value = flag_placeholder(option.domain),
                     .help = help_with_unit(option) + " (" + describe_range(option.domain) + "; default " +
                             value_text(Config{}, option) + ")",
                     .group = std::string(option.group),
                     .names = names_in(option.domain)});
  }
  return flags;
}

NamedConfig read_config(const Arguments& arguments) {
  NamedConfig named;
  Settings settings;
  const auto config = arguments.flags.find("--config");
  if (config != arguments.flags.end()) named.name = apply_config(config->second, settings);
  apply_option_flags(arguments, settings);
  named.config = settings.checked();
  return named;
}

void apply_option_flags(const Arguments& arguments, Settings& settings) {
  for (const Option& option : options()) {
    const auto flag = arguments.flags.find(flag_name(option.key));
    if (flag == arguments.flags.end()) continue;
    settings.set(option, read_value(option.domain, flag->second), {Origin::kFlag, flag->first});
  }
}

std::string flag_placeholder(const Domain& domain) {
  return std::visit(Placeholder{}, domain);
}

}  // namespace ppo
