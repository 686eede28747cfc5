#include "commands/resume.hpp"
#include "commands/flags/extras.hpp"
#include "commands/flags/saved_run.hpp"
#include "config/config_file.hpp"
#include "config/config_flags.hpp"
#include "config/options.hpp"
#include "run/saved/run_place.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

/// What a run's result depends on stays as it was, but for its length.
void check_changes(const Arguments& arguments, const std::filesystem::path& run, const Config& saved,
                   const Config& config) {
  for (const Option& option : options()) {
    if (may_change(option) || value_text(saved, option) == value_text(config, option)) continue;
    const std::string flag = arguments.flags.find(flag_name(option.key))->first;
    const std::string was = std::string(option.key) + " is " + value_text(saved, option);
    if (option.key != "total_timesteps") {
      refuse(flag + ": the run's " + was +
             " and cannot change, because the result depends on it; leave the flag out, or train a new run");
    }
    if (saved.hyper.anneal_lr) {
      refuse(
          flag + ": with anneal_lr another total_timesteps would change the learning rate of every update, " +
          "even of those already done; the run's " + was + "; write --init-from " + file_word(run.native()) +
          " instead of resume, for a new run that starts from what this one has learned");
    }
    if (config.hyper.total_timesteps < saved.hyper.total_timesteps) {
      refuse(flag + ": the run's " + was + " and can only grow; write " + flag + " " +
             value_text(saved, option) + " or more");
    }
  }
}

/// Whether `resume` may give the option another value.
bool is_for_resume(const Option& option) {
  return may_change(option) || option.key == "total_timesteps";
}

/// Those that fix the result: resume knows them, to say why they cannot change.
std::vector<Flag> refused_by_resume() {
  std::vector<Flag> flags;
  for (const Option& option : options()) {
    if (!is_for_resume(option))
      flags.push_back({flag_name(option.key), flag_placeholder(option.domain), "", ""});
  }
  return flags;
}

}  // namespace

Verb resume_verb() {
  std::vector<Flag> flags = {{"--quiet", "", "print errors only", ""}, kHelpFlag};
  for (Flag& flag : extras_flags()) flags.push_back(std::move(flag));
  for (const Option& option : options()) {
    if (!is_for_resume(option)) continue;
    flags.push_back(
        {.name = flag_name(option.key),
         .value = flag_placeholder(option.domain),
         .help = help_with_unit(option) + " (" + describe_range(option.domain) + "; default: the run's)",
         .group = std::string(option.group),
         .names = names_in(option.domain)});
  }
  return {
      "resume",
      "RUN",
      1,
      "continue a stopped or killed run or sweep, or train longer",
      std::move(flags),
      "RUN is a run folder, or one of its checkpoints to go back to, which drops everything after it, or the "
      "folder of a sweep. "
      "The result is the same as that of a run that was never stopped. A run with anneal_lr cannot be "
      "trained for longer, but --init-from RUN starts a new run from what it has learned.",
      refused_by_resume()};
}

ResumeCommand parse_resume(const Arguments& arguments) {
  const std::filesystem::path named = run_of("resume", arguments, kRunOrCheckpoint);
  const RunPlace place = find_run(named);
  if (!place.run) {
    refuse(quote(named.native()) +
           " is not a checkpoint in a run folder; write RUN/checkpoints/X.safetensors, where RUN is the "
           "folder of a run");
  }
  ResumeCommand command;
  command.checkpoint = place.checkpoint;
  Settings settings;
  apply_file(*place.run / "config.toml", settings);  // once: another process may be changing it
  command.saved = settings.checked();
  apply_option_flags(arguments, settings);
  check_changes(arguments, *place.run, command.saved,
                settings.unchecked());  // first: what may not change, need not fit
  TrainRequest& train = command.train;
  train.config = settings.checked();
  const std::filesystem::path schedule = *place.run / kScheduleFile;
  if (std::filesystem::exists(schedule)) {
    train.schedule = std::make_shared<Schedule>(load_schedule(schedule, train.config));
  }
  train.config_name = "config";
  train.out = place.run;
  train.quiet = arguments.flags.contains("--quiet");
  train.extras = read_extras(arguments, train);
  return command;
}

}  // namespace ppo
