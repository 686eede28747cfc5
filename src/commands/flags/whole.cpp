#include "commands/flags/whole.hpp"

#include "config/toml_reader.hpp"
#include "system/errors.hpp"

namespace ppo {

std::string help_of_whole(const std::string& meaning, const Whole& range, const std::string& usual) {
  return meaning + " (" + describe_range(range) + "; default " + usual + ")";
}

std::optional<std::int64_t> whole(const Arguments& arguments, std::string_view name, const Whole& range,
                                  std::string_view example) {
  const auto flag = arguments.flags.find(name);
  if (flag == arguments.flags.end()) return std::nullopt;
  const Value value = read_flag_value(flag->second);
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < range.least || *number > range.most) {
    throw Failure(kWrongInput,
                  flag->first + " " + refusal(range, value, flag->first + " " + std::string(example)));
  }
  return *number;
}

}  // namespace ppo
