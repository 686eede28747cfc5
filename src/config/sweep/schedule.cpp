#include "config/sweep/schedule.hpp"

#include <algorithm>
#include <charconv>

#include "config/nearest.hpp"
#include "config/sweep/sweep_options.hpp"
#include "config/toml_reader.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

struct Cell {
  std::string_view text;  // without the blanks around it
  std::size_t column;     // of its first letter, from 1
};

std::vector<Cell> cells_of(std::string_view line) {
  constexpr std::string_view blanks = " \t";
  std::vector<Cell> cells;
  for (std::size_t begin = 0;;) {
    const std::size_t comma = line.find(',', begin);
    const std::size_t end = std::min(comma, line.size());
    const std::size_t first = std::min(line.find_first_not_of(blanks, begin), end);
    std::string_view text = line.substr(first, end - first);
    text = text.substr(0, text.find_last_not_of(blanks) + 1);
    cells.push_back({text, first + 1});
    if (comma == std::string_view::npos) return cells;
    begin = comma + 1;
  }
}

/// Takes the first line, without what ends it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end, text.size() - 1) + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class Reader {
 public:
  Reader(const std::string& file, const Config& base) : file_(file), base_(base) {}

  Schedule read(std::string_view text) {
    Schedule schedule{.steps = {}, .keys = {}, .text = std::string(text)};
    read_keys(cells_of(text.empty() ? text : take_line(text)));
    while (!text.empty()) {
      ++line_;
      schedule.steps.push_back(read_step(cells_of(take_line(text)), schedule));
    }
    schedule.keys = keys_;
    if (schedule.steps.empty())
      refuse(1, "a schedule needs lines below its head; write the first with steps 0");
    return schedule;
  }

 private:
  using Cells = std::vector<Cell>;

  [[noreturn]] void refuse(std::size_t column, const std::string& problem) const {
    refuse_at(file_ + ":" + std::to_string(line_) + ":" + std::to_string(column), problem);
  }

  void read_keys(const Cells& cells) {
    if (cells.front().text != "steps" || cells.size() < 2) {
      refuse(cells.front().column,
             "this is no schedule; write `steps` and the keys that change into the first line, as in "
             "steps,lr,gamma");
    }
    for (std::size_t i = 1; i < cells.size(); ++i) keys_.push_back(&read_key(cells[i]));
  }

  const Option& read_key(const Cell& cell) const {
    const Option* option = find_option(cell.text);
    if (option == nullptr) {
      const std::vector<std::string> names = sweepable_keys(Sweepable::tuning);
      refuse(cell.column, "unknown key " + quote(cell.text) + "; " +
                              suggest(cell.text, names, "a schedule takes " + join_or(names)));
    }
    const std::string key(option->key);
    if (sweepable(*option) != Sweepable::tuning) {
      refuse(cell.column, key + " cannot change while an agent trains; leave the column out");
    }
    if (std::ranges::count(keys_, option) > 0) {
      refuse(cell.column, "repeated key " + key + "; write each key once");
    }
    return *option;
  }

  ScheduleStep read_step(const Cells& cells, const Schedule& before) const {
    const std::size_t expected = keys_.size() + 1;
    if (cells.size() != expected) {
      refuse(cells.size() > expected ? cells[expected].column : 1,
             "has " + counted(static_cast<std::int64_t>(cells.size()), "value") + "; write " +
                 std::to_string(expected) + ", as many as the first line has names");
    }
    const std::int64_t steps = read_steps(cells.front(), before);
    Config config = base_;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const Option& option = *keys_[i];
      const Cell& cell = cells[i + 1];
      const Value value = read_value(option.domain, cell.text);
      if (store(option, value, config)) continue;
      refuse(cell.column,
             std::string(option.key) + " " + refusal(option.domain, value, value_text(Config{}, option)));
    }
    if (!before.steps.empty()) check_constant(before.steps.front().tuning, config.hyper, cells);
    return {steps, config.hyper};
  }

  std::int64_t read_steps(const Cell& cell, const Schedule& before) const {
    const std::string_view text = cell.text;
    std::int64_t steps = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
    const std::int64_t last = before.steps.empty() ? -1 : before.steps.back().steps;
    if (error != std::errc() || end != text.data() + text.size()) {
      refuse(cell.column, "steps takes a whole number, not " + quote(text) + "; write " +
                              (last < 0 ? "0" : "one above " + std::to_string(last)));
    }
    if (last < 0 && steps != 0) {
      refuse(cell.column, "the first line has steps " + std::to_string(steps) + "; write 0");
    }
    if (steps <= last) {
      refuse(cell.column, "steps " + std::to_string(steps) + " do not follow on " + std::to_string(last) +
                              "; write lines in ascending order");
    }
    return steps;
  }

  void check_constant(const Tuning& first, const Tuning& later, const Cells& cells) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (may_change_during_training(*keys_[i])) continue;
      Config one = base_;
      Config other = base_;
      static_cast<Tuning&>(one.hyper) = first;
      static_cast<Tuning&>(other.hyper) = later;
      if (value_text(one, *keys_[i]) == value_text(other, *keys_[i])) continue;
      refuse(cells[i + 1].column, std::string(keys_[i]->key) +
                                      " cannot change while an agent trains; write " +
                                      value_text(one, *keys_[i]) + " in all lines");
    }
  }

  const std::string& file_;
  const Config& base_;
  std::size_t line_ = 1;
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
                                   "; write the path of the schedule.csv of a sweep");
  }
}

}  // namespace ppo
