// Lines of comma-separated numbers under a line of column names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

/// Whether the run that writes a file is known to have ended; if not, the last line may lack its end.
enum class Ended { no, yes };

/// Every failure is a Failure(kWrongInput) that names the file and, where there is one, the line.
class CsvReader {
 public:
  /// Opens the file and reads the names.
  CsvReader(std::filesystem::path file, Ended ended);

  /// The place of the column `name`.
  std::optional<std::size_t> find_column(std::string_view name) const;
  std::size_t column(std::string_view name) const;  // throws Failure when there is none

  /// Goes to the next line; false at the end.
  bool next();

  std::int64_t whole(std::size_t column) const;
  /// NaN when the cell is empty or not finite.
  double real(std::size_t column) const;

  /// "metrics.csv:17: damaged: `problem`", for the line that was read last.
  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  /// Reads a line into line_ and its cells; false at the end.
  bool read_line();

  std::filesystem::path file_;
  std::ifstream stream_;
  Ended ended_;
  std::vector<std::string> names_;
  std::string line_;
  std::vector<std::string_view> cells_;  // of line_
  std::int64_t line_number_ = 0;
};

}  // namespace ppo
