#include "commands/verbs.hpp"

#include <algorithm>

#include "commands/check_env.hpp"
#include "commands/completions/completions.hpp"
#include "commands/demo.hpp"
#include "commands/envs.hpp"
#include "commands/eval.hpp"
#include "commands/export.hpp"
#include "commands/info.hpp"
#include "commands/render.hpp"
#include "commands/report.hpp"
#include "commands/resume.hpp"
#include "commands/sweep.hpp"
#include "commands/train.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kFlagColumn = 27;  // where the explanations of flags start
constexpr std::size_t kVerbColumn = 31;
constexpr std::size_t kExampleColumn = 36;

std::string usage(const Verb& verb) {
  const std::string operand = verb.operand.empty() ? "" : " " + verb.operand;
  return program_name() + " " + verb.name + operand;
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
      train_verb(),
      demo_verb(),
      sweep_verb(),
      resume_verb(),
      eval_verb(),
      render_verb(),
      report_verb(),
      export_verb(),
      envs_verb(),
      check_env_verb(),
      info_verb(),
      {"configs", "", 0, "list the built-in presets", {kHelpFlag}},
      completions_verb(),
      {"help",
       "[VERB]",
       1,
       "show the help of a verb",
       {{"--man", "", "print the manual page of the whole program as roff", ""}, kHelpFlag}},
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
       wrap(program_name() + " trains agents with PPO (proximal policy optimisation).", width))
    text += line + '\n';
  text += '\n' +
          beside("  " + program_name() + " --config cartpole-v1", kExampleColumn,
                 "solve CartPole; results go to runs/", width) +
          '\n';
  for (const Verb& verb : verbs()) text += beside("  " + usage(verb), kVerbColumn, verb.help, width);
  text += beside("  " + program_name() + " --version", kVerbColumn, "print the version", width);
  if (!all_flags) return text + "\n" + program_name() + " --help lists all flags.\n";
  text += "\nFlags of train:\n" + list_flags(verbs().front().flags, width) + '\n';
  for (const std::string& line : wrap(job_flags_help(), width)) text += line + '\n';
  return text;
}

std::string first_page(std::size_t width) {
  std::string text;
  for (const std::string& line :
       wrap(program_name() + " trains agents with PPO (proximal policy optimisation). Try it:", width))
    text += line + '\n';
  return text + "\n  " + program_command() + " demo\n\n" + program_name() + " --help lists all it can do.\n";
}

std::string job_flags_help() {
  return "In an MPI job every verb also takes --ranks-per-agent N (how many ranks train each agent together, "
         "on their CPUs or a card each; default 1), --mpi (join a job whose launcher is not recognised) and "
         "--no-mpi (do not join).";
}

std::string verb_help(const Verb& verb, std::size_t width) {
  std::string text = usage(verb) + (verb.flags.size() > 1 ? " [flags]" : "") + '\n';
  for (const std::string& line : wrap(verb.help + (verb.more.empty() ? "" : ". " + verb.more), width - 2)) {
    text += "  " + line + '\n';
  }
  return text + '\n' + list_flags(verb.flags, width);
}

}  // namespace ppo
