#include "config/operands.hpp"

#include <algorithm>

#include "config/nearest.hpp"
#include "config/options.hpp"
#include "config/text.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  return names;
}

const Flag* find_flag(const Verb& verb, std::string_view name) {
  const auto found =
      std::find_if(verb.flags.begin(), verb.flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == verb.flags.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_flag(const Verb& verb, const std::string& argument) {
  const std::string given = argument.substr(0, argument.find('='));
  const std::string name = flag_name(given.substr(std::min(given.find_first_not_of('-'), given.size())));
  for (const Verb& other : verbs()) {
    if (find_flag(verb, name) == nullptr && find_flag(other, name) != nullptr) {
      refuse(verb.name + " has no flag " + quote(given) + ", " + other.name + " has it; see ppo_train " +
             verb.name + " --help");
    }
  }
  std::vector<std::string> names;
  for (const Flag& flag : verb.flags) names.push_back(flag.name);
  const std::string meant = flag_name(own_name(std::string_view(name).substr(2)));
  refuse(verb.name + " has no flag " + quote(given) + "; " + suggest(meant, names));
}

[[noreturn]] void refuse_operand(const Verb& verb, const Arguments& arguments, const std::string& extra) {
  if (find_verb(extra) != nullptr) {
    refuse("the verb " + quote(extra) + " stands behind other arguments; write ppo_train " + extra +
           " first");
  }
  for (const auto& [name, value] : arguments.flags) {
    const Flag* flag = find_flag(verb, name);  // none: accepted only to be refused with its reason
    if (flag != nullptr && value.empty() && !flag->endings.empty()) {  // perhaps meant to be its file
      refuse(verb.name + " does not take " + quote(extra) + "; the file of " + name + " ends in " +
             join_or(flag->endings));
    }
  }
  refuse(verb.name + " does not take " + quote(extra) + "; see ppo_train " + verb.name + " --help");
}

}  // namespace

const Verb& verb_called(const std::string& name) {
  if (const Verb* verb = find_verb(name)) return *verb;
  refuse("there is no verb " + quote(name) + " (" + join_or(verb_names()) + "); " +
         suggest(name, verb_names()));
}

std::vector<std::string> operands(const Verb& verb, const Arguments& arguments) {
  for (const std::string& other : arguments.others) {
    if (other.size() > 1 && other.starts_with('-')) refuse_flag(verb, other);
  }
  if (arguments.others.size() > verb.most_operands) {
    refuse_operand(verb, arguments, arguments.others[verb.most_operands]);
  }
  return arguments.others;
}

}  // namespace ppo
