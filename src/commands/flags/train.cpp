#include "commands/train.hpp"
#include "commands/flags/extras.hpp"
#include "commands/flags/new_folder.hpp"
#include "config/config_flags.hpp"
#include "config/toml_writer.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// The schedule's first values are those that the config has.
void read_replay(const Arguments& arguments, TrainRequest& request) {
  const auto replay = arguments.flags.find("--replay");
  if (replay == arguments.flags.end()) return;
  const auto schedule = std::make_shared<Schedule>(load_schedule(replay->second, request.config));
  for (const Option* option : schedule->keys) {
    const std::string flag = flag_name(option->key);
    if (!arguments.flags.contains(flag)) continue;
    throw Failure(kWrongInput, flag + ": the values of " + std::string(option->key) + " come from " +
                                   quote(replay->second) + "; leave the flag or --replay out");
  }
  static_cast<Tuning&>(request.config.hyper) = schedule->steps.front().tuning;
  request.schedule = schedule;
}

}  // namespace

Verb train_verb() {
  std::vector<Flag> flags = {
      config_flag(),
      {"--out", "DIR", "run folder, which must not exist yet; default runs/<config>-s<seed>-<time>", ""},
      {"--no-out", "", "write nothing to disk", ""},
      {"--quiet", "", "print errors only", ""},
      {"--replay", "FILE",
       "schedule.csv of a sweep by population-based training: values that change while agents train", ""},
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
  if (arguments.flags.contains("--out") && arguments.flags.contains("--no-out")) {
    throw Failure(kWrongInput, "--out and --no-out cannot be combined; write one of them");
  }
  request.out = new_folder(arguments);
  request.keep_nothing = arguments.flags.contains("--no-out");
  request.quiet = arguments.flags.contains("--quiet");
  read_replay(arguments, request);
  request.extras = read_extras(arguments, request);
  if (arguments.flags.contains("--print-config")) return PrintText{to_toml(request.config)};
  return request;
}

}  // namespace ppo
