#include "config/toml_reader.hpp"

#include "config/options.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse_table(const TomlEntry& entry, const std::string& config) {
  if (entry.key == "sweep") {
    refuse_at(entry.where, "this is a sweep; write " + program_name() + " sweep " + file_word(config) +
                               ", or leave its tables out to train once");
  }
  refuse_at(entry.where, "unknown table " + quote(entry.key) +
                             "; a config has no tables; write its keys at the top, as in lr = 0.001");
}

}  // namespace

void read_toml(std::string_view text, const std::string& file, Settings& settings, const std::string& name) {
  for (const TomlEntry& entry : parse_toml(text, file).entries) {
    if (read_key(entry, settings)) continue;
    const bool is_table = entry.node.kind == TomlNode::kTable || entry.node.kind == TomlNode::kTables;
    if (is_table) refuse_table(entry, name.empty() ? file : name);
    refuse_unknown_key(entry);
  }
}

bool read_key(const TomlEntry& entry, Settings& settings) {
  const Option* option = find_option(entry.key);
  if (option == nullptr) return false;
  settings.set(*option, entry.node.value, {Origin::kFile, entry.node.where});
  return true;
}

void refuse_unknown_key(const TomlEntry& entry) {
  refuse_at(entry.where, "unknown key " + quote(entry.key) + "; " + suggest_key(entry.key));
}

Value read_flag_value(std::string_view text) {
  // A space, a comment or a line break could smuggle in more than a value.
  const std::string given(text);
  if (text.find_first_not_of(kTomlScalarLetters) != std::string_view::npos) return given;
  try {
    const Value value = parse_toml("v = " + given, "").entries.front().node.value;
    return std::holds_alternative<Unusable>(value) ? Value{given} : value;
  } catch (const Failure&) {
    return given;
  }
}

Value read_value(const Domain& domain, std::string_view text) {
  const bool is_text = std::holds_alternative<Name>(domain) || std::holds_alternative<Text>(domain);
  return is_text ? Value{std::string(text)} : read_flag_value(text);
}

}  // namespace ppo
