#include "config/sweep/space.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "config/sweep/logarithm.hpp"
#include "config/sweep/sweep_options.hpp"

namespace ppo {
namespace {

constexpr std::array<std::string_view, 4> kScaleNames = {"linear", "log", "log1m", "pow2"};  // in their order
constexpr double kLastUnit = 1 - 0x1p-53;

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

bool is_same(const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return number_in(a) == number_in(b);
  if (const auto* boolean = std::get_if<bool>(&a)) {
    const auto* other = std::get_if<bool>(&b);
    return other != nullptr && *boolean == *other;
  }
  const auto* text = std::get_if<std::string>(&a);
  const auto* other = std::get_if<std::string>(&b);
  return text != nullptr && other != nullptr && *text == *other;
}

/// Where on the scale the number lies: what of it is uniform.
double place_of(Scale scale, double number) {
  if (scale == Scale::log) return plain_log(number);
  if (scale == Scale::log1m) return -plain_log(1 - number);
  return number;
}

double number_at(Scale scale, double place) {
  if (scale == Scale::log) return plain_exp(place);
  if (scale == Scale::log1m) return 1 - plain_exp(-place);
  return place;
}

/// The ends of a range on its scale.
struct Places {
  double first;
  double last;

  double at(double unit) const { return first + unit * (last - first); }
  double unit_of(double place) const { return (place - first) / (last - first); }
};

Places places_of(const Dimension& range) {
  const double half = is_whole(*range.option) ? 0.5 : 0;
  return {place_of(range.scale, range.min - half), place_of(range.scale, range.max + half)};
}

std::size_t index_of(const std::vector<Value>& values, const Value& value) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_same(values[i], value)) return i;
  }
  if (!is_number(value) || !is_number(values.front())) return 0;
  const auto distance = [&](const Value& other) { return std::abs(number_in(other) - number_in(value)); };
  const auto nearest = std::ranges::min_element(values, {}, distance);
  return static_cast<std::size_t>(nearest - values.begin());
}

struct FieldValue {
  Value operator()(const bool* field) const { return *field; }
  Value operator()(const float* field) const { return static_cast<double>(*field); }
  Value operator()(const std::string* field) const { return *field; }
  Value operator()(const Activation* field) const {
    return std::string(kActivationNames[static_cast<std::size_t>(*field)]);
  }
  Value operator()(const auto* field) const { return static_cast<std::int64_t>(*field); }
};

/// The middle of the `index`-th of `count` shares.
double middle(std::size_t index, std::size_t count) {
  return (static_cast<double>(index) + 0.5) / static_cast<double>(count);
}

}  // namespace

Value value_at(const Dimension& dimension, double unit) {
  unit = std::clamp(unit, 0.0, kLastUnit);
  const std::vector<Value> values = choices(dimension);
  if (!values.empty()) {
    const auto index = static_cast<std::size_t>(unit * static_cast<double>(values.size()));
    return values[std::min(index, values.size() - 1)];
  }
  const double number = number_at(dimension.scale, places_of(dimension).at(unit));
  if (!is_whole(*dimension.option)) {
    return rounded(*dimension.option, std::clamp(number, dimension.min, dimension.max));
  }
  return static_cast<std::int64_t>(std::clamp(number + 0.5, dimension.min, dimension.max));
}

double unit_of(const Dimension& dimension, const Value& value) {
  const std::vector<Value> values = choices(dimension);
  if (!values.empty()) return middle(index_of(values, value), values.size());
  const Places places = places_of(dimension);
  const double half = is_whole(*dimension.option) ? 0.5 : 0;
  const double number = std::clamp(number_in(value), dimension.min, dimension.max);
  const double below = places.unit_of(place_of(dimension.scale, number - half));
  const double above = places.unit_of(place_of(dimension.scale, number + half));
  return std::clamp((below + above) / 2, 0.0, kLastUnit);
}

std::vector<Value> choices(const Dimension& dimension) {
  std::vector<Value> all;
  for (const Value& value : dimension.values) all.push_back(rounded(*dimension.option, value));
  if (dimension.is_list() || dimension.scale != Scale::pow2) return all;
  const auto most = static_cast<std::int64_t>(dimension.max);
  for (auto power = static_cast<std::int64_t>(dimension.min); power <= most; power *= 2) {
    all.emplace_back(power);
  }
  return all;
}

Value rounded(const Option& option, const Value& value) {
  if (!std::holds_alternative<Real>(option.domain) || !is_number(value)) return value;
  return static_cast<double>(static_cast<float>(number_in(value)) + 0.0F);
}

Value value_in(const Config& config, const Option& option) {
  Config copy = config;  // a Field is a pointer to what may be changed
  return std::visit(FieldValue{}, option.field(copy));
}

std::string_view scale_name(Scale scale) {
  return kScaleNames[static_cast<std::size_t>(scale)];
}

std::optional<Scale> find_scale(std::string_view name) {
  const auto found = std::ranges::find(kScaleNames, name);
  if (found == kScaleNames.end()) return std::nullopt;
  return static_cast<Scale>(found - kScaleNames.begin());
}

std::vector<std::string> scale_names() {
  return {kScaleNames.begin(), kScaleNames.end()};
}

}  // namespace ppo
