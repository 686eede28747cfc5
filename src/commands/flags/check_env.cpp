#include "commands/check_env.hpp"

#include <limits>

#include "commands/flags/whole.hpp"
#include "config/environment_names.hpp"
#include "config/options.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"

namespace ppo {
namespace {

constexpr Whole kSteps{1, 1'000'000'000'000};
constexpr Whole kSeed{0};
constexpr Whole kLimit{0, std::numeric_limits<std::int32_t>::max()};

}  // namespace

Verb check_env_verb() {
  return {
      .name = "check-env",
      .operand = "NAME",
      .most_operands = 1,
      .help = "look for faults in an environment",
      .flags = {{"--steps", "N", help_of_whole("steps to play with random actions", kSteps, "1000000"), ""},
                {"--max-episode-steps", "N",
                 help_of_whole("time limit of an episode; 0 means none", kLimit, "the environment's"), ""},
                {"--seed", "N", help_of_whole("seed of the actions and of the environment", kSeed, "0"), ""},
                {"--json", "", "print JSON", ""},
                kHelpFlag},
      .more =
          "The environment is played with random actions, twice with the same seed. The exit code is 1 if "
          "something is wrong with it, such as a number that is not finite, a state that is not all in "
          "State, or "
          "an observation of the wrong size. It also prints the ranges of observations and rewards, and "
          "advice on how to train.",
      .names = {environment_names().begin(), environment_names().end()}};
}

CheckEnvCommand parse_check_env(const Arguments& arguments) {
  if (arguments.others.empty()) {
    throw Failure(kWrongInput, "check-env needs an environment; write " + program_name() +
                                   " check-env NAME, " + program_name() + " envs lists them");
  }
  const std::string& name = arguments.others.front();
  CheckEnvCommand command;
  command.environment = find_environment(name);
  if (command.environment == nullptr) {
    throw Failure(kWrongInput,
                  "check-env " + refusal(find_option("env")->domain, name, "check-env cartpole"));
  }
  ProbeOptions& options = command.options;
  options.time_limit = command.environment->info().time_limit;
  options.steps = whole(arguments, "--steps", kSteps, "1000000").value_or(options.steps);
  options.time_limit = static_cast<std::int32_t>(
      whole(arguments, "--max-episode-steps", kLimit, "500").value_or(options.time_limit));
  options.seed = static_cast<std::uint64_t>(whole(arguments, "--seed", kSeed, "0").value_or(0));
  command.json = arguments.flags.contains("--json");
  return command;
}

}  // namespace ppo
