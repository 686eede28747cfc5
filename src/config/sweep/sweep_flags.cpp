#include "config/sweep/sweep_flags.hpp"

#include <algorithm>
#include <string_view>

#include "config/config_file.hpp"
#include "config/config_flags.hpp"
#include "config/presets.hpp"
#include "config/sweep/sweep_options.hpp"
#include "config/sweep/sweep_reader.hpp"
#include "config/sweep/sweep_settings.hpp"
#include "config/toml_reader.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

/// Of the options of runs that write no checkpoints and no lines.
constexpr std::string_view kOfRunsOnly[] = {"log_every", "checkpoint_every", "keep"};

bool is_of_runs_only(const Flag& flag) {
  return std::ranges::any_of(kOfRunsOnly, [&](std::string_view key) { return flag_name(key) == flag.name; });
}

bool is_refused(const Flag& flag) {
  return std::ranges::any_of(keys_of_training(),
                             [&](std::string_view key) { return flag_name(key) == flag.name; });
}

std::string to_write() {
  return "write " + program_name() + " sweep " + std::string(sweep_presets().front().name) +
         ", another preset (" + join_or(names_of(sweep_presets())) + ") or the path of a TOML file";
}

std::string operand(const Arguments& arguments) {
  if (const auto config = arguments.flags.find("--config"); config != arguments.flags.end()) {
    refuse("sweep takes its config without --config; write " + program_name() + " sweep " +
           file_word(config->second));
  }
  if (arguments.others.empty()) refuse("sweep needs a config with a table [sweep.space]; " + to_write());
  return arguments.others.front();
}

void apply_sweep_flags(const Arguments& arguments, SweepSettings& settings) {
  for (const SweepOption& option : sweep_options()) {
    const auto flag = arguments.flags.find(flag_name(option.key));
    if (flag == arguments.flags.end()) continue;
    settings.set(option, read_value(option.domain, flag->second), {Origin::kFlag, flag->first});
  }
}

}  // namespace

std::vector<Flag> sweep_flags() {
  std::vector<Flag> flags;
  for (const SweepOption& option : sweep_options()) {
    flags.push_back({.name = flag_name(option.key),
                     .value = flag_placeholder(option.domain),
                     .help = help_with_unit(option) + " (" + describe_range(option.domain) + "; default " +
                             value_text(SweepPlan{}, option) + ")",
                     .group = "Sweep",
                     .names = names_in(option.domain)});
  }
  for (Flag& flag : option_flags()) {
    if (!is_refused(flag) && !is_of_runs_only(flag)) flags.push_back(std::move(flag));
  }
  return flags;
}

std::vector<Flag> refused_by_sweeps() {
  std::vector<Flag> flags = {{"--config", "NAME", "", ""}};
  for (Flag& flag : option_flags()) {
    if (is_refused(flag)) flags.push_back(std::move(flag));
  }
  return flags;
}

NamedSweep read_sweep(const Arguments& arguments) {
  const FoundConfig found = find_config(operand(arguments), "sweep", sweep_presets());
  if (found.preset != nullptr && !found.preset->is_sweep) {
    refuse(found.file + " has no table [sweep.space], so there is nothing to sweep; " + to_write());
  }
  SweepSettings settings;
  read_sweep_toml(found.text, found.file, settings);
  apply_sweep_flags(arguments, settings);
  apply_option_flags(arguments, settings.config);
  return {settings.checked(), found.name};
}

}  // namespace ppo
