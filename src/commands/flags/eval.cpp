#include "commands/eval.hpp"
#include "commands/flags/saved_run.hpp"

namespace ppo {

Verb eval_verb() {
  std::vector<Flag> flags = play_flags("100");
  flags.push_back(best_flag());
  flags.push_back({"--json", "", "print JSON", ""});
  flags.push_back(kHelpFlag);
  return {"eval", "RUN", 1, "play episodes with a trained agent", std::move(flags), kRunHelp};
}

EvalCommand parse_eval(const Arguments& arguments) {
  EvalCommand command;
  command.options = play_options(arguments, {});
  command.max_steps = max_steps(arguments);
  command.json = arguments.flags.contains("--json");
  command.source = agent_source("eval", arguments);  // last: what the flags say needs no file
  return command;
}

}  // namespace ppo
