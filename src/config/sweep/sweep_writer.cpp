#include "config/sweep/sweep_writer.hpp"

#include <cstdint>

#include "config/sweep/space.hpp"
#include "config/sweep/sweep_options.hpp"

namespace ppo {
namespace {

std::string number(const Dimension& dimension, double end) {
  return is_whole(*dimension.option) ? show(static_cast<std::int64_t>(end)) : show(end);
}

std::string list_text(const Dimension& dimension) {
  std::string list;
  for (const Value& value : dimension.values) list += (list.empty() ? "" : ", ") + toml_text(value);
  return "{ values = [" + list + "] }";
}

}  // namespace

std::string range_text(const Dimension& dimension) {
  if (dimension.is_list()) return list_text(dimension);
  std::string text =
      "{ min = " + number(dimension, dimension.min) + ", max = " + number(dimension, dimension.max);
  if (dimension.scale != Scale::linear)
    text += ", scale = \"" + std::string(scale_name(dimension.scale)) + '"';
  return text + " }";
}

std::string to_toml(const SweepConfig& sweep) {
  std::string text = to_toml(sweep.config) + "\n[sweep]\n";
  for (const SweepOption& option : sweep_options()) {
    text += commented(std::string(option.key) + " = " + value_text(sweep.plan, option),
                      help_with_unit(option) + " (" + describe_range(option.domain) + ")");
  }
  text += "\n[sweep.space]\n";
  for (const Dimension& dimension : sweep.plan.space) {
    text += commented(std::string(dimension.option->key) + " = " + range_text(dimension),
                      std::string(dimension.option->help));
  }
  return text;
}

}  // namespace ppo
