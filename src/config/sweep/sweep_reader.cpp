#include "config/sweep/sweep_reader.hpp"

#include "config/nearest.hpp"
#include "config/sweep/dimension_reader.hpp"
#include "config/toml_reader.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

bool is_table(const TomlNode& node) {
  return node.kind == TomlNode::kTable || node.kind == TomlNode::kTables;
}

std::string advice() {
  return "write a line [sweep.space] and below it, for example, " + space_example(*find_option("lr"));
}

/// A table of which there is one, on lines of its own or in braces.
const TomlNode& the_table(const TomlEntry& entry, std::string_view name) {
  if (entry.node.kind == TomlNode::kTable) return entry.node;
  const std::string given = entry.node.kind == TomlNode::kTables ? "several" : show(entry.node.value);
  refuse_at(entry.where, quote(entry.key) + " is a table, not " + given + "; write one line " +
                             std::string(name) + " and its keys below it");
}

class Reader {
 public:
  explicit Reader(SweepSettings& settings) : settings_(settings) {}

  void read(std::string_view text, const std::string& file) {
    const TomlEntry* sweep = nullptr;
    const TomlNode top = parse_toml(text, file);
    for (const TomlEntry& entry : top.entries) {
      if (entry.key == "sweep") {
        sweep = &entry;
        read_sweep(the_table(entry, "[sweep]"));
      } else if (!read_key(entry, settings_.config)) {
        refuse_at_top(entry);
      }
    }
    if (has_space_) return;
    refuse_at(sweep == nullptr ? file : sweep->where,
              "there is no table [sweep.space], so there is nothing to sweep; " + advice());
  }

 private:
  [[noreturn]] static void refuse_at_top(const TomlEntry& entry) {
    if (find_sweep_option(entry.key) != nullptr) {
      refuse_at(entry.where, quote(entry.key) + " is a key of [sweep]; write it below a line [sweep]");
    }
    if (!is_table(entry.node)) refuse_unknown_key(entry);
    refuse_at(entry.where,
              "unknown table " + quote(entry.key) +
                  "; a sweep has two, write [sweep] and [sweep.space], and all other keys above them");
  }

  void read_sweep(const TomlNode& table) {
    for (const TomlEntry& entry : table.entries) {
      if (entry.key == "space") {
        read_space(entry);
      } else if (const SweepOption* option = find_sweep_option(entry.key)) {
        settings_.set(*option, entry.node.value, {Origin::kFile, entry.node.where});
      } else {
        refuse_in_sweep(entry);
      }
    }
  }

  [[noreturn]] static void refuse_in_sweep(const TomlEntry& entry) {
    if (const Option* option = find_option(entry.key)) {
      const std::string below =
          sweepable(*option) == Sweepable::no ? "" : ", or to sweep it, below [sweep.space]";
      refuse_at(entry.where, quote(entry.key) + " is no key of [sweep]; write it above [sweep]" + below);
    }
    if (is_table(entry.node)) {
      const std::vector<std::string> names = {"space"};
      refuse_at(entry.where, "unknown table " + quote(entry.key) + " in [sweep]; " +
                                 suggest(entry.key, names, "write [sweep.space], the only one that it has"));
    }
    refuse_at(entry.where,
              "unknown key " + quote(entry.key) + " in [sweep]; " + suggest_sweep_key(entry.key));
  }

  void read_space(const TomlEntry& space) {
    const TomlNode& table = the_table(space, "[sweep.space]");
    if (table.entries.empty()) {
      refuse_at(space.where,
                "[sweep.space] is empty, so there is nothing to sweep; write below it, for example, " +
                    space_example(*find_option("lr")));
    }
    for (const TomlEntry& entry : table.entries) settings_.add(read_dimension(entry));
    has_space_ = true;
  }

  SweepSettings& settings_;
  bool has_space_ = false;
};

}  // namespace

void read_sweep_toml(std::string_view text, const std::string& file, SweepSettings& settings) {
  Reader(settings).read(text, file);
}

SweepConfig read_sweep(std::string_view text, const std::string& file) {
  SweepSettings settings;
  read_sweep_toml(text, file, settings);
  return settings.checked();
}

}  // namespace ppo
