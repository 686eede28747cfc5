// Values of keys that change while an agent trains: the schedule.csv of a sweep by population-based training.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/options.hpp"

namespace ppo {

inline constexpr const char* kScheduleFile = "schedule.csv";

/// The updates after which an agent has trained for at least so many steps.
constexpr std::int64_t updates_for(const Sizes& sizes, std::int64_t steps) {
  const std::int64_t batch = batch_size(sizes);
  return steps / batch + (steps % batch == 0 ? 0 : 1);
}

/// From so many steps of an agent on it trains with that tuning, whose seed is the config's.
struct ScheduleStep {
  std::int64_t steps;
  Tuning tuning;
};

struct Schedule {
  std::vector<ScheduleStep> steps;  // ascending, the first at 0; empty: nothing changes
  std::vector<const Option*> keys;  // that it sets
  std::string text;                 // of the file

  /// What an update trains with.
  const Tuning& at(const Sizes& sizes, std::int64_t update) const;
  /// The first update after `update` that trains with something else; none: -1.
  std::int64_t next_change(const Sizes& sizes, std::int64_t update) const;
};

/// Throws Failure(kWrongInput), also where the file cannot be read.
Schedule load_schedule(const std::filesystem::path& file, const Config& base);

/// Reads the text of a file: "steps,lr,gamma" and lines such as "0,0.001,0.99". All other keys are those of
/// `base`. Throws Failure(kWrongInput), with the place.
Schedule read_schedule(std::string_view text, const std::string& file, const Config& base);

}  // namespace ppo
