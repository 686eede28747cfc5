#include "commands/demo.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands/flags/new_folder.hpp"
#include "config/config_flags.hpp"
#include "config/presets.hpp"
#include "config/toml_reader.hpp"
#include "engine/environment.hpp"

namespace ppo {
namespace {

constexpr const char* kPreset = "cartpole-v1";

/// As train has it.
Flag seed_flag() {
  const std::vector<Flag> flags = option_flags();
  Flag flag = *std::ranges::find(flags, "--seed", &Flag::name);
  flag.group = "";
  return flag;
}

}  // namespace

Verb demo_verb() {
  return {"demo",
          "",
          0,
          "watch an agent learn to balance a pole",
          {seed_flag(),
           {"--out", "DIR", "run folder, which must not exist yet; default runs/demo-s<seed>-<time>", ""},
           kHelpFlag},
          fmt::format(
              "It trains the preset {} and draws its return as it rises; on a pipe, the chart comes once, in "
              "ASCII. The run folder also gets training.gif, a film of the agent at 0, 10, 30 and 100 % of "
              "training, and report.html.",
              kPreset)};
}

DemoCommand parse_demo(const Arguments& arguments) {
  Settings settings;
  read_toml(find_preset(kPreset)->toml, kPreset, settings);
  apply_option_flags(arguments, settings);
  DemoCommand command;
  TrainRequest& train = command.train;
  train.config = settings.checked();
  train.config_name = "demo";
  train.out = new_folder(arguments);
  train.draws_curve = true;
  train.extras.report = true;
  // A trainer of others may have replaced the environment by one that cannot be filmed.
  if (find_environment(train.config.env)->info().draws_itself) train.extras.training_film.emplace();
  return command;
}

}  // namespace ppo
