#include "config/schedule.hpp"

#include <algorithm>
#include <charconv>

#include "config/settings.hpp"
#include "config/sweep/sweep_options.hpp"
#include "config/toml_reader.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::vector<std::string_view> split(std::string_view text, char between) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(between);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

class Reader {
 public:
  Reader(const std::string& file, const Config& base) : file_(file), base_(base) {}

  Schedule read(std::string_view text) {
    Schedule schedule{.steps = {}, .keys = {}, .text = std::string(text)};
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (std::string_view line : split(text, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++line_;
      if (line_ == 1) {
        read_keys(split(line, ','));
      } else {
        schedule.steps.push_back(read_step(split(line, ','), schedule));
      }
    }
    schedule.keys = keys_;
    if (schedule.steps.empty()) refuse(0, "a schedule needs lines below its head, the first with steps 0");
    return schedule;
  }

 private:
  using Cells = std::vector<std::string_view>;

  std::string at(std::size_t cell) const {
    return file_ + ":" + std::to_string(line_) + (cell == 0 ? "" : " (column " + std::to_string(cell) + ")");
  }

  [[noreturn]] void refuse(std::size_t cell, const std::string& problem) const {
    throw Failure(kWrongInput, at(cell) + ": " + problem);
  }

  void read_keys(const Cells& cells) {
    if (cells.front() != "steps" || cells.size() < 2) {
      refuse(0,
             "this is no schedule; the first line is `steps` and the keys that change, as in steps,lr,gamma");
    }
    for (std::size_t i = 1; i < cells.size(); ++i) {
      const Option* option = find_option(cells[i]);
      if (option == nullptr) refuse(i + 1, "unknown key " + quote(cells[i]) + "; " + suggest_key(cells[i]));
      if (sweepable(*option) != Sweepable::tuning) {
        refuse(i + 1,
               std::string(option->key) + " cannot change while an agent trains; leave the column out");
      }
      if (std::ranges::count(keys_, option) > 0) {
        refuse(i + 1, "repeated key " + std::string(option->key) + "; write each key once");
      }
      keys_.push_back(option);
    }
  }

  ScheduleStep read_step(const Cells& cells, const Schedule& before) const {
    if (cells.size() != keys_.size() + 1) {
      refuse(0, "has " + counted(static_cast<std::int64_t>(cells.size()), "value") + "; write " +
                    std::to_string(keys_.size() + 1) + ", as many as the first line has names");
    }
    const std::int64_t steps = read_steps(cells.front(), before);
    Settings settings(base_);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      settings.set(*keys_[i], read_value(keys_[i]->domain, cells[i + 1]), {Origin::kFile, at(i + 2)});
    }
    const Config& config = settings.checked();
    if (!before.steps.empty()) check_constant(before.steps.front().tuning, config.hyper);
    return {steps, config.hyper};
  }

  std::int64_t read_steps(std::string_view cell, const Schedule& before) const {
    std::int64_t steps = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), steps);
    if (error != std::errc() || end != cell.data() + cell.size()) {
      refuse(1, "steps takes a whole number, not " + quote(cell));
    }
    const bool is_first = before.steps.empty();
    if (is_first && steps != 0) refuse(1, "the first line has steps " + std::to_string(steps) + "; write 0");
    if (!is_first && steps <= before.steps.back().steps) {
      refuse(1, "steps " + std::to_string(steps) + " do not follow on " +
                    std::to_string(before.steps.back().steps) + "; write lines in ascending order");
    }
    return steps;
  }

  void check_constant(const Tuning& first, const Tuning& later) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (may_change_on_the_way(*keys_[i])) continue;
      Config one = base_;
      Config other = base_;
      static_cast<Tuning&>(one.hyper) = first;
      static_cast<Tuning&>(other.hyper) = later;
      if (value_text(one, *keys_[i]) == value_text(other, *keys_[i])) continue;
      refuse(i + 2, std::string(keys_[i]->key) + " cannot change on the way; write " +
                        value_text(one, *keys_[i]) + " in all lines");
    }
  }

  const std::string& file_;
  const Config& base_;
  std::size_t line_ = 0;
  std::vector<const Option*> keys_;
};

}  // namespace

const Tuning& Schedule::at(const Sizes& sizes, std::int64_t update) const {
  const auto later = std::ranges::find_if(
      steps, [&](const ScheduleStep& step) { return updates_for(sizes, step.steps) > update; });
  return std::prev(later)->tuning;
}

std::int64_t Schedule::next_change(const Sizes& sizes, std::int64_t update) const {
  for (const ScheduleStep& step : steps) {
    if (const std::int64_t begin = updates_for(sizes, step.steps); begin > update) return begin;
  }
  return -1;
}

Schedule read_schedule(std::string_view text, const std::string& file, const Config& base) {
  return Reader(file, base).read(text);
}

Schedule load_schedule(const std::filesystem::path& file, const Config& base) {
  constexpr std::size_t kMostBytes = std::size_t{16} << 20;
  try {
    return read_schedule(read_file(file, kMostBytes), file.native(), base);
  } catch (const Unreadable& problem) {
    throw Failure(kWrongInput, printable(file.native()) + ": this schedule " + problem.what() +
                                   "; it is to be the schedule.csv of a sweep");
  }
}

}  // namespace ppo
