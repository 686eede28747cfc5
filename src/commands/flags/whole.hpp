// Flags that take a whole number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/domain.hpp"
#include "config/flags.hpp"

namespace ppo {

/// "seed of these episodes (0 to 9223372036854775807; default 0)"
std::string help_of_whole(const std::string& meaning, const Whole& range, const std::string& usual);

/// The flag's number, if it is given. Throws Failure(kWrongInput) for one out of its range, with `example` as
/// what to write.
std::optional<std::int64_t> whole(const Arguments& arguments, std::string_view name, const Whole& range,
                                  std::string_view example);

}  // namespace ppo
