#include "commands/completions/offers.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "commands/verbs.hpp"
#include "system/join.hpp"

namespace ppo {
namespace {

/// What a placeholder of the help stands for: "RUN...", "[FILE]", "FILE|PRESET".
Offers paths_for(std::string_view placeholder, const std::vector<std::string>& endings) {
  const auto names = [&](std::string_view word) { return placeholder.find(word) != std::string_view::npos; };
  if (names("PRESET")) return {.paths = Offers::Paths::files, .endings = {".toml"}};
  if (names("FILE") || names("PATH")) return {.paths = Offers::Paths::files, .endings = endings};
  if (names("RUN") || names("DIR")) return {.paths = Offers::Paths::folders};
  return {};
}

void add_names(Offers& offers, const std::vector<std::string>& names) {
  for (const std::string& name : names) offers.texts.push_back({name, ""});
}

Offers values_of(const Flag& flag) {
  Offers offers = paths_for(flag.value, flag.endings);
  add_names(offers, flag.names);
  return offers;
}

Offers all_verbs() {
  Offers offers;
  for (const Verb& verb : verbs()) offers.texts.push_back({verb.name, std::string(in_short(verb.help))});
  return offers;
}

/// The words of a verb in front of the one to complete, told apart as split_arguments does.
struct Before {
  std::set<std::string> given;  // flags
  const Flag* open = nullptr;   // the last, if its value stands next
  std::size_t operands = 0;
};

const Flag* find_flag(const std::vector<Flag>& flags, const std::string& word) {
  if (!word.starts_with("--")) return nullptr;
  const std::string name = flag_name(word.substr(2, word.find('=') - 2));
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

bool may_end_in(const Flag& flag, const std::string& word) {
  return std::ranges::any_of(flag.endings, [&](const std::string& ending) { return word.ends_with(ending); });
}

Before read_before(const std::vector<Flag>& flags, std::span<const std::string> words) {
  Before before;
  for (const std::string& word : words) {
    if (before.open != nullptr && (before.open->endings.empty() || may_end_in(*before.open, word))) {
      before.open = nullptr;
      continue;
    }
    before.open = nullptr;
    if (const Flag* flag = find_flag(flags, word)) {
      before.given.insert(flag->name);
      if (!flag->value.empty() && word.find('=') == std::string::npos) before.open = flag;
    } else if (!word.starts_with('-')) {
      ++before.operands;
    }
  }
  return before;
}

Offers flags_of(const Verb& verb, const Before& before) {
  Offers offers;
  for (const Flag& flag : verb.flags) {
    if (!flag.repeats && before.given.contains(flag.name)) continue;
    offers.texts.push_back({flag.name, std::string(in_short(flag.help))});
  }
  return offers;
}

/// The verb's `index`-th operand; the last placeholder stands for all that follow.
Offers operands_of(const Verb& verb, std::size_t index) {
  if (index >= verb.most_operands) return {};
  std::string_view placeholders = verb.operand;
  for (std::size_t skipped = 0; skipped < index; ++skipped) {
    const std::size_t space = placeholders.find(' ');
    if (space != std::string_view::npos) placeholders.remove_prefix(space + 1);
  }
  Offers offers = paths_for(placeholders.substr(0, placeholders.find(' ')), {});
  if (index > 0) return offers;
  if (verb.name == "help") return all_verbs();
  add_names(offers, verb.names);
  return offers;
}

Offers offers_in(const Verb& verb, std::span<const std::string> words) {
  const std::vector<Flag> flags = accepted_flags(verb);
  const std::string& word = words.back();
  const Before before = read_before(flags, words.first(words.size() - 1));
  if (word.starts_with("--") && word.find('=') != std::string::npos) {
    const Flag* flag = find_flag(flags, word);
    return flag != nullptr ? values_of(*flag) : Offers{};
  }
  const bool may_be_left_out = before.open != nullptr && !before.open->endings.empty();
  if (before.open != nullptr && !(may_be_left_out && word.starts_with('-'))) return values_of(*before.open);
  return word.starts_with('-') ? flags_of(verb, before) : operands_of(verb, before.operands);
}

}  // namespace

std::string_view in_short(std::string_view help) {
  return help.substr(0, std::min({help.find(" ("), help.find("; "), help.find(". "), help.find(" [")}));
}

Offers offers_for(const std::vector<std::string>& words) {
  const std::string& first = words.front();
  if (first.starts_with('-')) {
    Offers offers = offers_in(verbs().front(), words);
    if (words.size() == 1 && first.find('=') == std::string::npos) {
      offers.texts.push_back({"--version", "print the version"});
    }
    return offers;
  }
  if (words.size() == 1) return all_verbs();
  const Verb* verb = find_verb(first);
  return verb != nullptr ? offers_in(*verb, std::span(words).subspan(1)) : Offers{};
}

std::string lines_of(const Offers& offers) {
  std::string text = offers.paths == Offers::Paths::none      ? "names"
                     : offers.paths == Offers::Paths::folders ? "folders"
                                                              : "files";
  for (const std::string& ending : offers.endings) text += ' ' + ending;
  text += '\n';
  for (const Offer& offer : offers.texts) text += offer.text + '\t' + offer.help + '\n';
  return text;
}

}  // namespace ppo
