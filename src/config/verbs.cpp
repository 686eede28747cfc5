#include "config/verbs.hpp"

#include <algorithm>

#include "config/config_flags.hpp"
#include "config/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kWidth = 80;       // of a help page
constexpr std::size_t kHelpColumn = 27;  // where the explanations start

const Flag kHelpFlag{"--help", "", "print this page and do nothing (-h)", ""};

std::vector<Flag> train_flags() {
  std::vector<Flag> flags = {
      config_flag(),
      {"--out", "DIR", "the run folder, which must be new; default runs/<config>-s<seed>-<time>", ""},
      {"--no-out", "", "keep nothing on disk", ""},
      {"--quiet", "", "print errors only", ""},
      {"--print-config", "", "print the resolved config as TOML and do nothing", ""},
      kHelpFlag,
  };
  for (Flag& flag : option_flags()) flags.push_back(std::move(flag));
  return flags;
}

std::vector<Flag> eval_flags() {
  return {
      {"--episodes", "N", "episodes to play; default 100", ""},
      {"--seed", "N", "seed of these episodes, apart from those of training; default 0", ""},
      {"--max-steps", "N", "cut episodes here; default: the run's max_episode_steps, else 500", ""},
      {"--greedy", "", "take the most probable action instead of drawing one", ""},
      {"--json", "", "print JSON", ""},
      kHelpFlag,
  };
}

std::string usage(const Verb& verb) {
  const std::string operand = verb.operand.empty() ? "" : " " + verb.operand;
  return "ppo_train " + verb.name + operand;
}

/// "  left     right, wrapped below itself"
std::string entry(const std::string& left, const std::string& right) {
  std::string text;
  std::string line = "  " + left;
  for (const std::string& part : wrap(right, kWidth - kHelpColumn)) {
    line.resize(std::max(line.size() + 1, kHelpColumn), ' ');
    text += line + part + '\n';
    line.clear();
  }
  return text;
}

}  // namespace

std::string list_flags(std::span<const Flag> flags) {
  std::string text;
  std::string group;
  for (const Flag& flag : flags) {
    if (flag.group != group) text += "\n" + flag.group + ":\n";
    group = flag.group;
    text += entry(flag.name + (flag.value.empty() ? "" : " " + flag.value), flag.help);
  }
  return text;
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = {
      {"train", "", "train agents; the verb may be left out before a flag", train_flags()},
      {"eval", "RUN", "play episodes with a trained agent (RUN is its run folder)", eval_flags()},
      {"info",
       "",
       "say what this program and this machine have: engines, instructions, GPUs",
       {{"--json", "", "print JSON", ""}, kHelpFlag}},
      {"configs", "", "list the built-in presets", {kHelpFlag}},
      {"help", "[VERB]", "explain a verb", {kHelpFlag}},
  };
  return all;
}

const Verb* find_verb(std::string_view name) {
  const auto found =
      std::find_if(verbs().begin(), verbs().end(), [&](const Verb& verb) { return verb.name == name; });
  return found == verbs().end() ? nullptr : &*found;
}

std::string program_help(bool all_flags) {
  std::string text =
      "ppo_train trains agents with PPO (proximal policy optimisation).\n\n"
      "  ppo_train --config cartpole-v1    solves CartPole; results go to a folder in runs/\n\n";
  for (const Verb& verb : verbs()) text += entry(usage(verb), verb.help);
  text += entry("ppo_train --version", "print the version");
  if (!all_flags) return text + "\nppo_train --help lists all flags.\n";
  return text + "\nFlags of train:\n" + list_flags(verbs().front().flags);
}

std::string verb_help(const Verb& verb) {
  const std::string flags = verb.flags.size() > 1 ? " [flags]" : "";
  return usage(verb) + flags + "\n  " + verb.help + "\n\n" + list_flags(verb.flags);
}

}  // namespace ppo
