// From the unit interval to the values of a dimension, and back.
//
// A unit is where on the scale of its dimension a value lies. The values of a list, and the powers of two of
// pow2, have equal shares of it. Each whole number from min to max has the share of what rounds to it: the
// scale goes from min - 1/2 to max + 1/2, halves round up. A real number is rounded to float32, which is how
// a Config holds it. All of it is IEEE arithmetic and plain_log and plain_exp (logarithm.hpp), so the same
// unit gives the same value on every machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/sweep/sweep_plan.hpp"

namespace ppo {

/// The value at `unit`, from 0 up to but without 1; what lies outside is moved to the nearer end.
Value value_at(const Dimension& dimension, double unit);

/// The unit of a value: the middle of its share, of a list or of whole numbers. Always in [0, 1): a number
/// beyond the range is taken for the end of the range, one that is not in the list for its nearest, the first
/// on a tie; any other value that is not in the list for the first.
double unit_of(const Dimension& dimension, const Value& value);

/// The values of a list or of pow2, in their order; empty for any other range.
std::vector<Value> choices(const Dimension& dimension);

/// As a Config holds it: what an option with a Real takes becomes a float32, and all else stays as it is.
Value rounded(const Option& option, const Value& value);

/// The value that the config has.
Value value_in(const Config& config, const Option& option);

std::string_view scale_name(Scale scale);
std::optional<Scale> find_scale(std::string_view name);
std::vector<std::string> scale_names();

}  // namespace ppo
