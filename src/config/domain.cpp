#include "config/domain.hpp"

#include <algorithm>
#include <limits>

#include "config/nearest.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

struct Names {
  std::vector<std::string> operator()(const Switch&) const { return {"true", "false"}; }
  std::vector<std::string> operator()(const OneOf& some) const {
    std::vector<std::string> texts;
    for (const std::int64_t number : some.numbers()) texts.push_back(std::to_string(number));
    return texts;
  }
  std::vector<std::string> operator()(const Name& name) const { return name.names(); }
  std::vector<std::string> operator()(const auto&) const { return {}; }
};

struct Range {
  std::string operator()(const Switch& either) const { return join_or(Names{}(either)); }
  std::string operator()(const Whole& range) const {
    return std::to_string(range.least) + " to " + std::to_string(range.most);
  }
  std::string operator()(const OneOf& some) const { return join_or(Names{}(some)); }
  std::string operator()(const Real& range) const {
    const std::string least = plain(range.least);
    return (range.without_least ? "above " + least + ", at most " : least + " to ") + plain(range.most) +
           (range.or_inf ? ", or inf" : "");
  }
  std::string operator()(const Name& name) const {
    std::vector<std::string> names = name.names();
    if (!name.more.empty()) names.emplace_back(name.more);
    return join_or(names);
  }
  std::string operator()(const Text& text) const { return std::string(text.range); }

  static std::string plain(float number) {
    std::string text = number_text(number);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
  }
};

struct Kind {
  std::string operator()(const Switch&) const { return ""; }
  std::string operator()(const Whole&) const { return "a whole number"; }
  std::string operator()(const OneOf&) const { return ""; }
  std::string operator()(const Real&) const { return "a number"; }
  std::string operator()(const Name& name) const { return std::string(name.what); }
  std::string operator()(const Text& text) const { return std::string(text.what); }
};

struct FieldText {
  std::string operator()(const bool* field) const { return *field ? "true" : "false"; }
  std::string operator()(const float* field) const { return number_text(*field); }
  std::string operator()(const std::string* field) const { return toml_string(*field); }
  std::string operator()(const Activation* field) const {
    return '"' + std::string(kActivationNames[static_cast<std::size_t>(*field)]) + '"';
  }
  std::string operator()(const auto* field) const { return std::to_string(*field); }
};

/// Stores `value` if the domain that belongs to the type of the field takes it.
struct Store {
  const Domain& domain;
  const Value& value;

  bool operator()(bool* field) const {
    const auto* given = std::get_if<bool>(&value);
    if (given != nullptr) *field = *given;
    return given != nullptr;
  }
  bool operator()(std::string* field) const {
    const auto* given = std::get_if<std::string>(&value);
    if (given == nullptr || !accepts(*given)) return false;
    *field = *given;
    return true;
  }
  bool operator()(Activation* field) const {
    const auto* given = std::get_if<std::string>(&value);
    if (given == nullptr) return false;
    const auto found = std::ranges::find(kActivationNames, *given);
    if (found == kActivationNames.end()) return false;
    *field = static_cast<Activation>(found - kActivationNames.begin());
    return true;
  }
  bool operator()(float* field) const {
    const auto* whole = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (whole == nullptr && real == nullptr) return false;
    const double given = whole != nullptr ? static_cast<double>(*whole) : *real;
    const Real& range = std::get<Real>(domain);
    const bool inside = given >= static_cast<double>(range.least) && given <= static_cast<double>(range.most);
    const bool is_inf = range.or_inf && given == std::numeric_limits<double>::infinity();
    if (!inside && !is_inf) return false;                   // nor is nan
    const float number = static_cast<float>(given) + 0.0F;  // + 0 turns -0, which TOML could not hold, into 0
    if (range.without_least && number == range.least) return false;
    *field = number;
    return true;
  }
  template <class Integer>
  bool operator()(Integer* field) const {
    const auto* given = std::get_if<std::int64_t>(&value);
    if (given == nullptr || !accepts(*given)) return false;
    *field = static_cast<Integer>(*given);
    return true;
  }

  bool accepts(std::string_view text) const {
    const auto* name = std::get_if<Name>(&domain);
    return name != nullptr ? name->accepts(text) : std::get<Text>(domain).accepts(text);
  }

  bool accepts(std::int64_t number) const {
    if (const auto* some = std::get_if<OneOf>(&domain)) {
      const std::vector<std::int64_t> numbers = some->numbers();
      return std::ranges::find(numbers, number) != numbers.end();
    }
    const Whole& range = std::get<Whole>(domain);
    return number >= range.least && number <= range.most;
  }
};

}  // namespace

std::vector<std::string> names_in(const Domain& domain) {
  return std::visit(Names{}, domain);
}

std::string describe_range(const Domain& domain) {
  return std::visit(Range{}, domain);
}

std::string describe(const Domain& domain) {
  const std::string kind = std::visit(Kind{}, domain);
  const std::string range = describe_range(domain);
  return kind.empty() ? range : kind + " (" + range + ")";
}

std::string field_text(const Field& field) {
  return std::visit(FieldText{}, field);
}

bool store(const Domain& domain, const Value& value, const Field& field) {
  return std::visit(Store{domain, value}, field);
}

std::string refusal(const Domain& domain, const Value& value, std::string_view example) {
  const std::string problem = "takes " + describe(domain) + ", not " + show(value) + "; ";
  const std::string way_on = "for example " + std::string(example);
  const auto* name = std::get_if<Name>(&domain);
  const auto* text = std::get_if<std::string>(&value);
  if (name != nullptr && text != nullptr) return problem + suggest(*text, name->names(), way_on);
  return problem + way_on;
}

}  // namespace ppo
