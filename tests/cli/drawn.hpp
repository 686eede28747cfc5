// What a terminal shows after all that was printed on it: for output that draws over itself.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "system/text.hpp"

namespace ppo::test {

/// A terminal of endless height that knows the sequences that ppo_train uses. Its lines hold whole
/// characters.
class Drawn {
 public:
  explicit Drawn(std::string_view output) {
    while (!output.empty()) {
      const std::size_t length = output.starts_with("\033[") ? sequence(output) : character(output);
      output.remove_prefix(length);
    }
  }

  /// Without spaces at their ends.
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const std::vector<std::string>& cells : lines_) {
      std::string text;
      for (const std::string& cell : cells) text += cell;
      all.push_back(text.substr(0, text.find_last_not_of(' ') + 1));
    }
    return all;
  }

  std::string text() const {
    std::string all;
    for (const std::string& line : lines()) all += line + '\n';
    return all;
  }

 private:
  /// Obeys the sequence at the start; returns its length.
  std::size_t sequence(std::string_view output) {
    const std::size_t end = output.find_first_not_of("0123456789;", 2);
    const std::string number(output.substr(2, end - 2));
    switch (output.at(end)) {
      case 'm':
        break;
      case 'A':
        if (std::stoul(number) > row_) throw std::runtime_error("the cursor leaves the screen");
        row_ -= std::stoul(number);
        break;
      case 'J':
        lines_.resize(row_ + 1);
        [[fallthrough]];
      case 'K':
        lines_[row_].resize(std::min(column_, lines_[row_].size()));
        break;
      default:
        throw std::runtime_error("unknown sequence: " + printable(output.substr(0, end + 1)));
    }
    return end + 1;
  }

  std::size_t character(std::string_view output) {
    const std::size_t length = std::max<std::size_t>(utf8_length(output), 1);
    if (output[0] == '\r') {
      column_ = 0;
    } else if (output[0] == '\n') {
      ++row_;
      lines_.resize(std::max(lines_.size(), row_ + 1));
    } else {
      std::vector<std::string>& line = lines_[row_];
      line.resize(std::max(line.size(), column_ + 1), " ");
      line[column_++] = output.substr(0, length);
    }
    return length;
  }

  std::vector<std::vector<std::string>> lines_ = {{}};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

}  // namespace ppo::test
