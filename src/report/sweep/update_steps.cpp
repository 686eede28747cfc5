#include "report/sweep/update_steps.hpp"

#include <charconv>
#include <string_view>

#include "config/sweep/sweep_reader.hpp"
#include "system/errors.hpp"

namespace ppo {
namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

}  // namespace

UpdateSteps::UpdateSteps(const ReportedSweep& sweep) : sweep_(sweep) {
  try {
    const Hyper hyper = read_sweep(sweep.plan, "sweep.toml").config.hyper;
    num_envs_ = hyper.num_envs;
    num_steps_ = hyper.num_steps;
  } catch (const Failure&) {  // of a program with other environments, perhaps
  }
}

std::optional<std::int64_t> UpdateSteps::of(const ReportedTrial& trial) const {
  std::optional<std::int64_t> num_envs = num_envs_;
  std::optional<std::int64_t> num_steps = num_steps_;
  for (std::size_t i = 0; i < sweep_.keys.size() && i < trial.values.size(); ++i) {
    if (sweep_.keys[i].key == "num_envs") num_envs = whole(trial.values[i]);
    if (sweep_.keys[i].key == "num_steps") num_steps = whole(trial.values[i]);
  }
  std::int64_t steps = 0;
  if (!num_envs || !num_steps || __builtin_mul_overflow(*num_envs, *num_steps, &steps)) return std::nullopt;
  return steps;
}

}  // namespace ppo
