#include "commands/about/man_page.hpp"

#include <algorithm>
#include <cctype>
#include <span>

#include "commands/verbs.hpp"
#include "system/program.hpp"

namespace ppo {
namespace {

/// Text as roff that means nothing but itself: `\`, `-` and `'` are what one types, and no line begins as a
/// request.
std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if (c == '\'') {
      escaped += "\\(aq";
    } else {
      escaped += c;
    }
  }
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;
}

/// A line of its own for each sentence, as roff is written.
std::string sentences(std::string_view text) {
  std::string lines;
  for (std::size_t end; (end = text.find(". ")) != std::string_view::npos; text.remove_prefix(end + 2)) {
    lines += roff(text.substr(0, end + 1)) + '\n';
  }
  return lines + roff(text) + '\n';
}

std::string section(std::string_view title) {
  return ".SH " + std::string(title) + '\n';
}

/// A word in bold, what follows it in italics, and a paragraph beside them.
std::string entry(std::string_view word, std::string_view value, std::string_view text) {
  std::string head = ".TP\n\\fB" + roff(word) + "\\fR";
  if (!value.empty()) head += " \\fI" + roff(value) + "\\fR";
  return head + '\n' + sentences(text);
}

std::string subsection(const Verb& verb) {
  std::string text =
      ".SS \"" + roff(verb.name) + (verb.operand.empty() ? "" : " ") + roff(verb.operand) + "\"\n";
  text += sentences(verb.help + "." + (verb.more.empty() ? "" : " " + verb.more));
  std::string group;
  for (const Flag& flag : verb.flags) {
    if (flag.group != group) text += ".PP\n" + roff(flag.group) + ":\n";
    group = flag.group;
    text += entry(flag.name, flag.value, flag.help);
  }
  return text;
}

struct Row {
  const char* word;
  const char* text;
};

constexpr Row kExitCodes[] = {
    {"0", "done"},
    {"1", "failed while running, or check-env found a defect"},
    {"2", "wrong input"},
    {"3", "no such device"},
    {"4", "training diverged, or the environment returned a number that is not finite"},
    {"129, 130, 143", "stopped by SIGHUP, SIGINT or SIGTERM; the work is saved, and resume continues it"},
};

constexpr Row kVariables[] = {
    {"NO_COLOR", "if set, nothing is printed in colour"},
    {"TERM", "if dumb, nothing is printed in colour"},
    {"CUDA_VISIBLE_DEVICES", "the GPUs that may be used"},
};

std::string list(std::span<const Row> rows) {
  std::string text;
  for (const Row& row : rows) text += entry(row.word, "", row.text);
  return text;
}

std::string examples() {
  const std::string name = roff(program_name());
  std::string text;
  for (const char* arguments : {" --config cartpole-v1 --render --report", " eval RUN --greedy",
                                " resume RUN", " sweep sweep-cartpole"}) {
    text += ".nf\n" + name + roff(arguments) + "\n.fi\n";
  }
  return text;
}

}  // namespace

std::string man_page() {
  const std::string name = program_name();
  std::string title = name;
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string page = ".\\\" Printed by: " + name + " help --man\n";
  page += ".TH \"" + roff(title) + "\" 1 " PPO_RELEASE_DATE " \"" + roff(name) +
          " " PPO_VERSION "\" \"User Commands\"\n";
  page += section("NAME") + roff(name) + " \\- train agents with PPO (proximal policy optimisation)\n";
  page +=
      section("SYNOPSIS") + ".B " + roff(name) + "\n[\\fIVERB\\fR] [\\fIOPERAND\\fR]... [\\fIFLAG\\fR]...\n";
  page += section("DESCRIPTION") +
          sentences(
              "Trains agents in the environments built into it, on the CPU or a GPU, and evaluates, films, "
              "reports and exports them. The same seed gives the same bytes on every machine. Without a "
              "verb, flags are those of train.");
  page += ".PP\n" + sentences(job_flags_help());
  page += section("VERBS");
  for (const Verb& verb : verbs()) page += subsection(verb);
  page += section("\"EXIT STATUS\"") + list(kExitCodes);
  page += section("ENVIRONMENT") + list(kVariables);
  page += section("EXAMPLES") + examples();
  return page;
}

}  // namespace ppo
