#include "config/verbs.hpp"

#include <algorithm>
#include <limits>

#include "config/config_flags.hpp"
#include "config/extras_flags.hpp"
#include "config/options.hpp"
#include "config/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kFlagColumn = 27;  // where the explanations of flags start
constexpr std::size_t kVerbColumn = 31;
constexpr std::size_t kExampleColumn = 36;

constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

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
  for (Flag& flag : extras_flags()) flags.push_back(std::move(flag));
  for (Flag& flag : option_flags()) flags.push_back(std::move(flag));
  return flags;
}

/// Whether `resume` may give the option another value.
bool is_for_resume(const Option& option) {
  return may_change(option) || option.key == "total_timesteps";
}

std::vector<Flag> resume_flags() {
  std::vector<Flag> flags = {{"--quiet", "", "print errors only", ""}, kHelpFlag};
  for (Flag& flag : extras_flags()) flags.push_back(std::move(flag));
  for (const Option& option : options()) {
    if (!is_for_resume(option)) continue;
    flags.push_back({flag_name(option.key), flag_placeholder(option),
                     help_with_unit(option) + " (" + describe_range(option.domain) + "; default: the run's)",
                     std::string(option.group)});
  }
  return flags;
}

/// Those that fix the result: resume knows them, to say why they cannot change.
std::vector<Flag> refused_by_resume() {
  std::vector<Flag> flags;
  for (const Option& option : options()) {
    if (!is_for_resume(option)) flags.push_back({flag_name(option.key), flag_placeholder(option), "", ""});
  }
  return flags;
}

/// How episodes are played.
std::vector<Flag> play_flags(const std::string& episodes) {
  return {
      {"--episodes", "N", "episodes to play; default " + episodes, ""},
      {"--seed", "N", "seed of these episodes, apart from those of training; default 0", ""},
      {"--max-steps", "N", "cut episodes here; default: the run's max_episode_steps, else 500", ""},
      {"--greedy", "", "take the most probable action instead of drawing one", ""},
  };
}

std::vector<Flag> eval_flags() {
  std::vector<Flag> flags = play_flags("100");
  flags.push_back({"--json", "", "print JSON", ""});
  flags.push_back(kHelpFlag);
  return flags;
}

const Flag kAgentFlag{"--agent", "N", "which agent of several, from 0; default 0", ""};

std::vector<Flag> render_flags() {
  std::vector<Flag> flags = play_flags("1");
  flags.push_back(kAgentFlag);
  flags.push_back({"--size", "WxH", "of the picture [pixels]; default 600x400", ""});
  flags.push_back(kHelpFlag);
  return flags;
}

std::vector<Flag> report_flags() {
  return {
      {"--out", "FILE",
       "what to write; default report.html in the run's folder, for several runs in this one", ""},
      {"--svg", "", "draw a still of the return curve instead; default return.svg in the same place", ""},
      kHelpFlag,
  };
}

std::vector<Flag> export_flags() {
  return {
      {"--format", "NAME",
       "onnx: for onnxruntime and others; c: one header without dependencies; safetensors: all "
       "parameters of this agent; default onnx",
       ""},
      kAgentFlag,
      kHelpFlag,
  };
}

std::string usage(const Verb& verb) {
  const std::string operand = verb.operand.empty() ? "" : " " + verb.operand;
  return "ppo_train " + verb.name + operand;
}

}  // namespace

std::string list_flags(std::span<const Flag> flags, std::size_t width) {
  std::string text;
  std::string group;
  for (const Flag& flag : flags) {
    if (flag.group != group) text += "\n" + flag.group + ":\n";
    group = flag.group;
    text += beside("  " + flag.name + (flag.value.empty() ? "" : " " + flag.value), kFlagColumn, flag.help,
                   width);
  }
  return text;
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = {
      {"train", "", 0, "train agents; before a flag it may be left out", train_flags()},
      {"resume", "RUN", 1, "go on with a run that was stopped, or longer", resume_flags(),
       "RUN is the run's folder, or one of its checkpoints to go back to, which drops all that is behind it. "
       "The result is that of a run that "
       "was "
       "never stopped.",
       refused_by_resume()},
      {"eval", "RUN", 1, "play episodes with the agent of the folder RUN", eval_flags()},
      {"render", "RUN [FILE]", 2, "film a trained agent as FILE.gif, or FILE.png", render_flags(),
       "FILE is film.gif in the run's folder unless you name one. A GIF runs at the speed of the world; a "
       "PNG "
       "shows the moment in the middle."},
      {"report", "RUN...", kAnyNumber, "make a page of the curves and films of runs", report_flags()},
      {"export", "RUN [FILE]", 2, "write a trained agent as ONNX, C or safetensors", export_flags(),
       "FILE is agent.onnx, agent.h or agent.safetensors in the run's folder unless you name one, whose "
       "ending "
       "then says the format."},
      {"info", "", 0, "say which engines and GPUs there are", {{"--json", "", "print JSON", ""}, kHelpFlag}},
      {"configs", "", 0, "list the built-in presets", {kHelpFlag}},
      {"help", "[VERB]", 1, "explain a verb", {kHelpFlag}},
  };
  return all;
}

const Verb* find_verb(std::string_view name) {
  const auto found =
      std::find_if(verbs().begin(), verbs().end(), [&](const Verb& verb) { return verb.name == name; });
  return found == verbs().end() ? nullptr : &*found;
}

std::vector<Flag> accepted_flags(const Verb& verb) {
  std::vector<Flag> flags = verb.flags;
  flags.insert(flags.end(), verb.unlisted.begin(), verb.unlisted.end());
  return flags;
}

std::string program_help(bool all_flags, std::size_t width) {
  std::string text;
  for (const std::string& line :
       wrap("ppo_train trains agents with PPO (proximal policy optimisation).", width))
    text += line + '\n';
  text += '\n' +
          beside("  ppo_train --config cartpole-v1", kExampleColumn, "solves CartPole; results go to runs/",
                 width) +
          '\n';
  for (const Verb& verb : verbs()) text += beside("  " + usage(verb), kVerbColumn, verb.help, width);
  text += beside("  ppo_train --version", kVerbColumn, "print the version", width);
  if (!all_flags) return text + "\nppo_train --help lists all flags.\n";
  return text + "\nFlags of train:\n" + list_flags(verbs().front().flags, width);
}

std::string verb_help(const Verb& verb, std::size_t width) {
  std::string text = usage(verb) + (verb.flags.size() > 1 ? " [flags]" : "") + '\n';
  for (const std::string& line : wrap(verb.help + (verb.more.empty() ? "" : ". " + verb.more), width - 2)) {
    text += "  " + line + '\n';
  }
  return text + '\n' + list_flags(verb.flags, width);
}

}  // namespace ppo
