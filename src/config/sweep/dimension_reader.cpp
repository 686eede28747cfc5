#include "config/sweep/dimension_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "config/nearest.hpp"
#include "config/sweep/space.hpp"
#include "config/sweep/sweep_options.hpp"
#include "system/join.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

bool takes(const Option& option, const Value& value) {
  Config config;
  return store(option, value, config);
}

/// min or max as the option has it: `8`, `0.001`.
std::string text_of(const Option& option, double number) {
  return is_whole(option) ? std::to_string(static_cast<std::int64_t>(number)) : show(number);
}

class DimensionReader {
 public:
  DimensionReader(const TomlEntry& entry, const Option& option)
      : entry_(entry), option_(option), key_(entry.key) {
    dimension_.option = &option;
    dimension_.where = entry.where;
  }

  Dimension read() {
    if (entry_.node.kind != TomlNode::kTable) {
      refuse_at(entry_.node.where, key_ + " takes a range or a list of values, not " +
                                       show(entry_.node.value) + "; write " + instead_of(entry_.node));
    }
    for (const TomlEntry& part : entry_.node.entries) place(part);
    if (values_ != nullptr) {
      const TomlEntry* range = min_ != nullptr ? min_ : max_ != nullptr ? max_ : scale_;
      if (range != nullptr) {
        refuse_at(range->where, key_ + " has values and " + range->key +
                                    "; write either a list or a range, as in " + example());
      }
      read_values();
    } else {
      read_range();
    }
    return std::move(dimension_);
  }

 private:
  std::string example() const { return space_example(option_); }

  /// For a value without braces: a list may just lack them, and one value is to set the key.
  std::string instead_of(const TomlNode& node) const {
    constexpr std::size_t most = 60;  // letters, which leave room for the rest of the line
    if (node.kind == TomlNode::kScalar) return example() + ", or to set it, " + key_ + " above [sweep]";
    const bool all_fit =
        std::ranges::all_of(node.items, [&](const TomlNode& item) { return takes(option_, item.value); });
    std::vector<std::string> values;
    for (const TomlNode& item : node.items) values.push_back(toml_text(item.value));
    const std::string list = key_ + " = { values = [" + join(values, ", ") + "] }";
    return all_fit && values.size() > 1 && list.size() <= most ? list : example();
  }

  void place(const TomlEntry& part) {
    const std::vector<std::string> names = {"min", "max", "scale", "values"};
    const TomlEntry** const places[] = {&min_, &max_, &scale_, &values_};
    const auto found = std::ranges::find(names, part.key);
    if (found == names.end()) {
      refuse_at(part.where, key_ + " has no " + quote(part.key) + " (" + join_or(names) + "); " +
                                suggest(part.key, names, "write " + example()));
    }
    *places[found - names.begin()] = &part;
  }

  void read_values() {
    const TomlNode& list = values_->node;
    if (list.kind != TomlNode::kArray && list.kind != TomlNode::kTables) {
      refuse_at(list.where, key_ + ": values takes a list, not " + show(list.value) +
                                "; write it in brackets, as in " + key_ + " = { values = [...] }");
    }
    for (const TomlNode& item : list.items) read_value(item);
    if (dimension_.values.size() < 2) {
      const std::string problem =
          dimension_.values.empty() ? "values is empty" : "values has a single one, so there is no choice";
      refuse_at(list.where, key_ + ": " + problem + "; write two or more, or set " + key_ + " above [sweep]");
    }
  }

  void read_value(const TomlNode& item) {
    if (!takes(option_, item.value)) refuse_value(item, "values");
    if (!seen_.insert(as_stored(item.value)).second) {
      refuse_at(item.where, key_ + ": " + show(item.value) + " is there twice; write each value once");
    }
    dimension_.values.push_back(as_number(item.value));
  }

  [[noreturn]] void refuse_value(const TomlNode& node, const std::string& part) const {
    refuse_at(node.where, key_ + ": " + part + " " + refusal(option_.domain, node.value, example()));
  }

  std::string as_stored(const Value& value) const {
    Config config;
    store(option_, value, config);
    return value_text(config, option_);
  }

  /// A whole number stands for a real one.
  Value as_number(const Value& value) const {
    const bool is_real = std::holds_alternative<Real>(option_.domain);
    return is_real ? Value{number_in(value)} : value;
  }

  void read_range() {
    const bool has_order = is_whole(option_) || std::holds_alternative<Real>(option_.domain);
    if (!has_order && (min_ != nullptr || max_ != nullptr || scale_ != nullptr)) {
      const TomlEntry& part = min_ != nullptr ? *min_ : max_ != nullptr ? *max_ : *scale_;
      refuse_at(part.where, key_ + " has no range, as it takes " + describe(option_.domain) +
                                "; write a list, as in " + example());
    }
    if (min_ == nullptr || max_ == nullptr) {
      const std::string lacks = min_ != nullptr ? "max"
                                : max_ != nullptr
                                    ? "min"
                                    : std::string(has_order ? "min and max, or values" : "values");
      refuse_at(entry_.node.where, key_ + " lacks " + lacks + "; write, for example, " + example());
    }
    dimension_.scale = read_scale();
    dimension_.min = read_end(*min_);
    dimension_.max = read_end(*max_);
    check_order();
    if (std::holds_alternative<OneOf>(option_.domain)) check_steps();
    check_scale();
  }

  Scale read_scale() const {
    if (scale_ == nullptr) return Scale::linear;
    const auto* name = std::get_if<std::string>(&scale_->node.value);
    const std::optional<Scale> scale = name == nullptr ? std::nullopt : find_scale(*name);
    if (scale) return *scale;
    const std::vector<std::string> names = scale_names();
    const std::string advice = "for example scale = \"log\"";
    refuse_at(scale_->node.where, key_ + ": scale takes " + join_or(names) + ", not " +
                                      show(scale_->node.value) + "; " +
                                      (name == nullptr ? advice : suggest(*name, names, advice)));
  }

  double read_end(const TomlEntry& end) const {
    if (!takes(option_, end.node.value)) refuse_value(end.node, end.key);
    return number_in(end.node.value);
  }

  void check_order() const {
    const std::string min = text_of(option_, dimension_.min);
    if (dimension_.min > dimension_.max) {
      refuse_at(min_->node.where, key_ + ": min " + min + " is more than max " +
                                      text_of(option_, dimension_.max) + "; write the smaller number as min");
    }
    if (as_stored(min_->node.value) == as_stored(max_->node.value)) {
      refuse_at(min_->node.where, key_ + ": min and max are both " + min + ", so there is no choice; write " +
                                      key_ + " = " + min + " above [sweep] instead, or a wider range");
    }
  }

  void check_scale() const {
    if (dimension_.scale == Scale::log && dimension_.min <= 0) {
      refuse_at(min_->node.where, key_ + ": scale log needs a min above 0, not " +
                                      text_of(option_, dimension_.min) +
                                      "; write another min, or scale = \"linear\"");
    }
    if (dimension_.scale == Scale::log1m && is_whole(option_)) {
      refuse_at(scale_->node.where,
                key_ +
                    " takes whole numbers, so it has no scale log1m, which is for "
                    "numbers below 1; write scale = \"log\" or \"pow2\", or leave it out");
    }
    if (dimension_.scale == Scale::log1m && static_cast<float>(dimension_.max) >= 1) {
      refuse_at(max_->node.where, key_ + ": scale log1m needs a max below 1, not " +
                                      text_of(option_, dimension_.max) +
                                      "; write another max, or scale = \"linear\"");
    }
    if (dimension_.scale != Scale::pow2) return;
    if (!is_whole(option_)) {
      refuse_at(scale_->node.where,
                key_ +
                    " takes more than whole numbers, so it has no scale pow2; write scale = "
                    "\"log\" or leave it out");
    }
    for (const TomlEntry* end : {min_, max_}) check_power(*end);
  }

  void check_power(const TomlEntry& end) const {
    const auto number = std::get<std::int64_t>(end.node.value);
    std::int64_t below = 1;
    while (below <= number / 2) below *= 2;
    if (below == number) return;
    refuse_at(end.node.where, key_ + ": " + end.key + " " + std::to_string(number) +
                                  " is no power of two; write " + std::to_string(below) + " or " +
                                  std::to_string(2 * below));
  }

  /// Of a range of an option that takes only some numbers, whether it takes all that may be tried.
  void check_steps() const {
    const std::vector<Value> tried = choices(dimension_);
    const bool all_fit =
        std::ranges::all_of(tried, [&](const Value& value) { return takes(option_, value); });
    if (dimension_.scale == Scale::pow2 && all_fit) return;
    refuse_at(entry_.node.where,
              key_ + " takes only " + describe(option_.domain) + "; write a list, as in " + example());
  }

  const TomlEntry& entry_;
  const Option& option_;
  std::string key_;
  Dimension dimension_;
  std::set<std::string> seen_;  // of the values, as they are stored
  const TomlEntry* min_ = nullptr;
  const TomlEntry* max_ = nullptr;
  const TomlEntry* scale_ = nullptr;
  const TomlEntry* values_ = nullptr;
};

}  // namespace

Dimension read_dimension(const TomlEntry& entry) {
  const Option* option = find_option(entry.key);
  if (option == nullptr) {
    if (find_sweep_option(entry.key) != nullptr) {
      refuse_at(entry.where,
                quote(entry.key) + " is a key of [sweep] and cannot be swept; write it above [sweep.space]");
    }
    const std::vector<std::string> names = all_sweepable_keys();
    refuse_at(entry.where, "unknown key " + quote(entry.key) + "; " +
                               suggest(entry.key, names, "[sweep.space] takes " + join_or(names)));
  }
  if (sweepable(*option) == Sweepable::no) {
    refuse_at(entry.where, entry.key + " cannot be swept: " + why_not_sweepable(*option));
  }
  return DimensionReader(entry, *option).read();
}

}  // namespace ppo
