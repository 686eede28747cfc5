// Reads lines of comma-separated numbers below a line of column names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

/// Whether the run that writes a file is known to have ended; if not, the last line may lack its end.
enum class RunEnded { no, yes };

/// Every failure is a Failure(kWrongInput) that names the file and, where there is one, the line.
class CsvReader {
 public:
  /// Lines of a run have 500 characters at most; whatever a file holds, no more than this is kept of a line.
  static constexpr std::size_t kLongestLine = 4095;

  /// Opens the file and reads the names.
  CsvReader(const std::filesystem::path& file, RunEnded ended, std::size_t longest_line = kLongestLine);
  /// The same of a stream that errors call `file`.
  CsvReader(std::unique_ptr<std::istream> stream, std::string file, RunEnded ended,
            std::size_t longest_line = kLongestLine);

  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  RunEnded ended() const { return ended_; }

  /// The place of the column `name`.
  std::optional<std::size_t> find_column(std::string_view name) const;
  std::size_t column(std::string_view name) const;  // throws Failure when there is none

  /// Goes to the next line; false at the end.
  bool next();

  /// Of the file, up to the end of the line that was read last [bytes].
  std::uintmax_t bytes_read() const { return bytes_read_; }

  /// What stands there; valid until the next line.
  std::string_view text(std::size_t column) const { return cells_[column]; }
  std::int64_t whole(std::size_t column) const;
  /// NaN when the cell is empty or not finite.
  double real(std::size_t column) const;

  /// "metrics.csv:17: damaged: `problem`", for the line that was read last.
  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  /// Reads a line into line_ and its cells; false at the end.
  bool read_line();

  std::unique_ptr<std::istream> stream_;
  std::string file_;
  RunEnded ended_;
  std::vector<std::string> names_;
  std::vector<char> line_;               // with room for its end
  std::vector<std::string_view> cells_;  // of line_
  std::int64_t line_number_ = 0;
  std::uintmax_t bytes_read_ = 0;
};

}  // namespace ppo
