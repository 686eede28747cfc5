#include "commands/completions/completions.hpp"

#include <algorithm>

#include "commands/completions/offers.hpp"
#include "config/nearest.hpp"
#include "system/embedded.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::vector<std::string> shells() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_completions()) {
    names.emplace_back(file.name.substr(file.name.find('.') + 1));
  }
  return names;
}

/// The program's name as part of the name of a shell's function.
std::string identifier() {
  std::string name = program_name();
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  std::ranges::replace_if(
      name, [&](char c) { return !fits(c); }, '_');
  return name;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

Verb completions_verb() {
  const std::string name = program_name();
  return {
      .name = "completions",
      .operand = "SHELL",
      .most_operands = 1,
      .help = "print what a shell needs to complete the program's arguments",
      .flags = {kHelpFlag},
      .more = "SHELL is " + join_or(shells()) + ". bash and zsh take it by source <(" + name +
              " completions SHELL), fish by " + name +
              " completions fish | source. Its script asks with -- WORD... in place of SHELL what may stand "
              "where the last WORD does: a line says whether paths may (names, folders, or files with their "
              "endings), and a line for each text that may.",
      .names = shells()};
}

std::string completion_script(const Arguments& arguments) {
  const std::string to_write = "write " + program_name() + " completions " + shells().front();
  if (arguments.others.empty()) {
    throw Failure(kWrongInput, "completions needs a shell (" + join_or(shells()) + "); " + to_write);
  }
  const std::string& shell = arguments.others.front();
  for (const EmbeddedFile& file : embedded_completions()) {
    if (!file.name.ends_with("." + shell)) continue;
    const std::string named = replaced(std::string(file.text), "@identifier@", identifier());
    return replaced(named, "@program@", shell_word(program_name()));
  }
  throw Failure(kWrongInput, "completions takes " + join_or(shells()) + ", not " + quote(shell) + "; " +
                                 suggest(shell, shells(), to_write));
}

std::optional<std::string> completion_offers(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3 || arguments[0] != "completions" || arguments[1] != "--") return std::nullopt;
  return lines_of(offers_for({arguments.begin() + 2, arguments.end()}));
}

}  // namespace ppo
